"""What programs and spreadsheets read of a replay: JSON lines and CSV, as docs/replay-output.md promises them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from alertd.engine.metrics import METRICS
from alertd.replay.difference import differences
from alertd.replay.printed.csv_lines import csv_lines, difference_csv_lines
from alertd.replay.printed.json_lines import difference_json_lines, json_lines
from alertd.replay.printed.lines import write_lines
from alertd.replay.replayed import Replayed
from tests.replay.alerts import ALL_METRICS, START_MS, alert
from tests.replay.told import ALERTS, OTHERS

PAGE = (Path(__file__).parents[2] / "docs" / "replay-output.md").read_text(encoding="utf-8")
SHOWN = [
    json.loads(it) for it in re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
]
(SCHEMA,) = (it for it in SHOWN if "$schema" in it)
KEYS = ["time", "rule", "symbol", "state", "value", "threshold", "metrics"]


def first_json(one: Replayed) -> Any:
    (line,) = json_lines([one])
    return json.loads(line)


def rows(lines: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def test_a_line_is_compact_and_its_keys_have_their_order():
    (line,) = json_lines([alert(0, metrics={"close": 101.5})])
    assert line == (
        f'{{"time":{START_MS},"rule":"up","symbol":"BTCUSDT","state":"firing",'
        '"value":101.5,"threshold":100.0,"metrics":{"close":101.5}}'
    )


@pytest.mark.parametrize(
    ("threshold", "told"), [(100.0, 100.0), ((90.0, 110.0), [90.0, 110.0]), (None, None)]
)
def test_a_threshold_is_a_number_or_a_band_or_nothing(
    threshold: float | tuple[float, float] | None, told: object
):
    assert first_json(alert(0, threshold=threshold))["threshold"] == told


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        alert,
        st.integers(0, 10**6),
        st.text(),
        st.text(),
        st.sampled_from(["firing", "resolved"]),
        value=st.none() | numbers,
        threshold=st.none() | numbers | st.tuples(numbers, numbers),
        metrics=st.dictionaries(st.sampled_from(list(METRICS)), numbers),
    )
)
def test_every_line_is_as_the_schema_in_the_manual_says(one: Replayed):
    line = first_json(one)
    Draft202012Validator(SCHEMA).validate(line)
    assert list(line) == KEYS
    assert line["metrics"] == one.metrics


def test_the_schema_is_one_and_refuses_what_is_no_alert():
    Draft202012Validator.check_schema(SCHEMA)
    refuses = Draft202012Validator(SCHEMA)
    assert not refuses.is_valid({**first_json(alert(0)), "state": "pending"})
    assert not refuses.is_valid({**first_json(alert(0)), "more": 1})
    assert not refuses.is_valid({"time": 1})


def test_what_the_manual_shows_are_such_lines():
    line, difference = (it for it in SHOWN if it is not SCHEMA)
    Draft202012Validator(SCHEMA).validate(line)
    assert list(line) == KEYS
    assert list(line["metrics"]) == list(METRICS)
    (shown,) = difference_json_lines(differences([], [alert(0)]))
    assert list(difference) == list(json.loads(shown))
    Draft202012Validator(SCHEMA).validate(difference["after"])


def test_a_symbol_that_is_not_ascii_is_itself_in_utf_8():
    file = io.BytesIO()
    write_lines(json_lines([alert(0, symbol="币安人生USDT")]), file)
    assert "币安人生USDT".encode() in file.getvalue()
    assert file.getvalue().endswith(b"}\n")


def test_a_difference_has_both_alerts_as_they_are_in_a_replay():
    lines = [json.loads(it) for it in difference_json_lines(differences(ALERTS, OTHERS))]
    assert [it["change"] for it in lines] == ["removed", "moved", "added"]
    removed, moved, added = lines
    assert (removed["before"], removed["after"]) == (first_json(ALERTS[0]), None)
    assert (moved["before"], moved["after"]) == (first_json(ALERTS[3]), first_json(OTHERS[2]))
    assert (added["before"], added["after"]) == (None, first_json(OTHERS[4]))


def test_a_row_has_a_column_for_each_fact_and_each_metric():
    one = alert(90, severity="critical", value=0.00001, metrics=ALL_METRICS)
    (row,) = rows(csv_lines([one]))
    metrics = {name: str(place) for place, name in enumerate(METRICS)}
    assert row == {
        "time": "2025-05-05 01:30:00.000",
        "time_ms": str(START_MS + 5_400_000),
        "rule": "up",
        "symbol": "BTCUSDT",
        "state": "firing",
        "severity": "critical",
        "value": "0.00001",
        "threshold": "100",
        "threshold_low": "",
        "threshold_high": "",
        "title": "BTCUSDT close crossed above 100",
        **metrics,
    }


def test_a_band_has_two_columns_and_what_is_undefined_is_empty():
    (row,) = rows(csv_lines([alert(0, value=None, threshold=(90, 110), metrics={})]))
    assert (row["threshold"], row["threshold_low"], row["threshold_high"]) == ("", "90", "110")
    assert (row["value"], row["close"]) == ("", "")


def test_a_comma_or_a_quote_in_a_title_stays_in_its_cell():
    title = 'BTC, "the" coin'
    (row,) = rows(csv_lines([alert(0, title=title)]))
    assert row["title"] == title


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1"])
def test_no_cell_is_a_formula(title: str):
    (row,) = rows(csv_lines([alert(0, title=title)]))
    assert row["title"].startswith("'")


def test_a_rule_may_be_named_like_a_formula_but_a_negative_number_is_a_number():
    (row,) = rows(csv_lines([alert(0, "=cmd", value=-1.5)]))
    assert (row["rule"], row["value"], row["change_percent"]) == ("'=cmd", "-1.5", "-1.25")


def test_a_row_of_a_difference_has_what_was_before_beside_what_is_after():
    removed, moved, added = rows(difference_csv_lines(differences(ALERTS, OTHERS)))
    assert (removed["change"], removed["rule"], removed["after_time"]) == (
        "removed",
        "six-figures",
        "",
    )
    assert (moved["later_s"], moved["before_time"], moved["after_time"]) == (
        "180",
        "2025-05-05 10:15:00.000",
        "2025-05-05 10:18:00.000",
    )
    assert moved["before_title"] == "Over: ETHUSDT close fell 1.1% in 5m, no longer 5%"
    assert (added["before_value"], added["after_value"], added["later_s"]) == ("", "101.5", "")


def test_every_row_has_all_columns():
    for lines in (csv_lines(ALERTS), difference_csv_lines(differences(ALERTS, OTHERS))):
        assert len({len(row) for row in csv.reader(lines)}) == 1


@pytest.mark.parametrize("lines", [json_lines, csv_lines])
def test_lines_come_one_by_one(lines: Callable[[Iterable[Replayed]], Iterator[str]]):
    """A replay may have more alerts than there is memory."""
    assert len(list(islice(lines(map(alert, count())), 3))) == 3
