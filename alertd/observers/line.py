"""A line of the log before it is written: its weight, what it is about, its words."""

import logging
from collections.abc import Mapping

import attrs

from alertd.delivery.numbers import duration
from alertd.logs.fields import Field, about

Fields = Mapping[str, Field | None]

_log = logging.getLogger("alertd")


@attrs.frozen
class Line:
    """A line. `level` is that of `logging`, `event` its stable name; docs/logs.md lists both."""

    level: int
    event: str
    text: str
    fields: Fields = attrs.field(factory=dict)

    def with_more(self, count: int, in_s: float) -> "Line":
        """Return the newest of several lines of a kind, which stands for those that were not written."""
        text = f"{self.text} ({count} more in the last {duration(in_s)})"
        return attrs.evolve(self, text=text, fields={**self.fields, "more": count})

    def write(self) -> None:
        """Write it."""
        # A text may have percent signs of its own.
        _log.log(self.level, "%s", self.text, extra=about(self.event, **self.fields))
