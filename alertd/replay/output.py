"""What is printed of a replay, or of two that are compared, in the form that is asked for."""

import enum
from collections.abc import Iterable, Iterator

import attrs

from alertd.delivery.channel import Channel
from alertd.replay.comparison import compare
from alertd.replay.difference import Difference, differences
from alertd.replay.playing import Replay
from alertd.replay.printed.comparison_table import (
    comparison_markdown_lines,
    comparison_table_lines,
)
from alertd.replay.printed.csv_lines import csv_lines, difference_csv_lines
from alertd.replay.printed.json_lines import difference_json_lines, json_lines
from alertd.replay.printed.markdown import markdown_lines
from alertd.replay.printed.table import table_lines
from alertd.replay.summary import Summary, summarize


class Format(enum.Enum):
    """How a replay is printed: for people, for programs, for spreadsheets, for notes."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"


@attrs.frozen
class Layout:
    """A format, how wide a line of a table may be, and how many alerts it lists; None is all of them."""

    form: Format
    width: int
    newest: int | None


@attrs.frozen
class Result:
    """A replay, and the channels that its rules speak to."""

    replay: Replay
    channels: tuple[Channel, ...]

    def summary(self) -> Summary:
        """Return what it comes to."""
        replay = self.replay
        return summarize(replay.alerts(), replay.rules, replay.spans, self.channels)

    def lines(self, layout: Layout) -> Iterator[str]:
        """Yield what is printed of it."""
        alerts = self.replay.alerts()
        match layout.form:
            case Format.TABLE:
                summary = self.summary()
                return table_lines(summary, alerts, width=layout.width, newest=layout.newest)
            case Format.MD:
                return markdown_lines(self.summary(), alerts, newest=layout.newest)
            case Format.JSONL:
                return json_lines(alerts)
            case Format.CSV:
                return csv_lines(alerts)


def comparison_lines(before: Result, after: Result, layout: Layout) -> Iterator[str]:
    """Yield what is printed of what differs between two replays of the same reels."""
    match layout.form:
        case Format.JSONL:
            return difference_json_lines(_found(before, after))
        case Format.CSV:
            return difference_csv_lines(_found(before, after))
    comparison = compare(before.summary(), after.summary(), _found(before, after))
    found = _found(before, after)
    if layout.form is Format.MD:
        return comparison_markdown_lines(comparison, found, newest=layout.newest)
    return comparison_table_lines(comparison, found, width=layout.width, newest=layout.newest)


def _found(before: Result, after: Result) -> Iterable[Difference]:
    return differences(before.replay.alerts(), after.replay.alerts())
