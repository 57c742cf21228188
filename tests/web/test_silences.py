"""Silences over the control socket, of a real journal."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trio

from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.history import count_silenced
from alertd.journal.records import Batch
from alertd.web.answers import NewSilence
from alertd.web.client import RefusedError
from tests.engine.tickers import BEGIN_MS
from tests.web.journaled import Asking, journaled_daemon, note_of, past_alert, write

NOW_MS = time.time_ns() // 1_000_000
HOUR_MS = 3_600_000
OVER = Silence(number=1, rule="btc-*", until_ms=BEGIN_MS, comment="asleep", made_ms=BEGIN_MS)
LASTING = Silence(number=2, symbol="BTC*", until_ms=NOW_MS + HOUR_MS, made_ms=NOW_MS)
PAST = Batch(
    silences=(OVER, LASTING),
    notes=tuple(note_of(past_alert(number, silence=1)) for number in (1, 2)),
)


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Asking]:
    async with journaled_daemon(tmp_path, PAST) as asking:
        yield asking


async def silences(asking: Asking) -> list[Any]:
    found: list[Any] = (await asking.room.get("/api/silences")).json()["silences"]
    return found


async def added(asking: Asking, **wanted: object) -> Any:
    body = {"until_ms": NOW_MS + HOUR_MS} | wanted
    answer = await asking.room.post("/api/silences", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_silences_are_told_with_how_many_alerts_they_swallowed(asking: Asking):
    first, second = await silences(asking)
    assert first == {
        "number": 1,
        "rule": "btc-*",
        "symbol": "*",
        "severity": None,
        "until_ms": BEGIN_MS,
        "comment": "asleep",
        "made_ms": BEGIN_MS,
        "ended_ms": None,
        "in_force": False,
        "silenced": 2,
    }
    assert (second["number"], second["in_force"], second["silenced"]) == (2, True, 0)


async def test_silences_are_told_although_nobody_can_count_their_alerts(tmp_path: Path):
    async with journaled_daemon(tmp_path, PAST, reads=tmp_path / "nothing.db") as asking:
        assert [it["silenced"] for it in await silences(asking)] == [None, None]


async def test_a_new_silence_is_in_force_at_once(asking: Asking):
    made = await added(asking, rule="btc-100k", severity="warning", comment="release")
    assert made["warnings"] == []
    assert (made["silence"]["number"], made["silence"]["in_force"]) == (3, True)
    (kept,) = [it for it in asking.archive.silences if it.number == 3]
    assert (kept.rule, kept.symbol, kept.severity, kept.comment, kept.until_ms) == (
        "btc-100k",
        "*",
        Severity.WARNING,
        "release",
        NOW_MS + HOUR_MS,
    )


@pytest.mark.parametrize(
    ("wanted", "warning"),
    [
        ({"rule": "btc-100"}, "no rule is called `btc-100` (did you mean `btc-100k`?)"),
        ({"rule": "x"}, "no rule is called `x`"),
        (
            {"symbol": "BTCUSD"},
            "none of its rules watches `BTCUSD` (did you mean `BTCUSDT` or `ETHUSDT`?)",
        ),
        (
            {"rule": "dips*", "symbol": "BTCUSDT"},
            "none of its rules watches `BTCUSDT`",
        ),
    ],
)
async def test_what_a_silence_does_not_reach_is_a_warning(
    asking: Asking, wanted: dict[str, object], warning: str
):
    assert (await added(asking, **wanted))["warnings"] == [warning]


@pytest.mark.parametrize(
    "wanted",
    [
        {"rule": "*"},
        {"rule": "btc-100k"},
        {"rule": "dips [all]", "symbol": "SOLUSDT"},
        {"rule": "*-1*"},
        {"symbol": "BTC*"},
        {"rule": "btc-*", "symbol": "ETHUSDT"},
        {"severity": "info"},
        {"severity": "warning", "symbol": "*"},
    ],
)
async def test_what_it_does_reach_is_none(asking: Asking, wanted: dict[str, object]):
    assert (await added(asking, **wanted))["warnings"] == []


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({}, "that would silence everything: say so with the rule `*`"),
        ({"symbol": "**"}, "that would silence everything: say so with the rule `*`"),
        ({"severity": "critical"}, "that would silence everything: say so with the rule `*`"),
        ({"rule": "a", "severity": "loud"}, "`loud` is no severity"),
        ({"rule": "a", "until_ms": NOW_MS - 1}, "its end is over already"),
        ({"rule": "a", "until_ms": NOW_MS + 367 * 24 * HOUR_MS}, "its end is more than a year"),
        ({"rule": "a\nb"}, "one line; 200 characters"),
        ({"rule": "x" * 201}, "one line; 200 characters"),
        ({"rule": "a", "comment": "x" * 501}, "one line; 500 characters"),
        ({"rule": "a", "comment": "\x1b[2J"}, "one line; 500 characters"),
        ({"rule": ""}, "a name that is empty fits nothing"),
        ({"rule": "a", "symbol": ""}, "a name that is empty fits nothing"),
        ({"rule": 7}, "not the JSON that is expected"),
    ],
)
async def test_what_makes_no_silence_is_refused(
    asking: Asking, wanted: dict[str, object], error: str
):
    body = {"until_ms": NOW_MS + HOUR_MS} | wanted
    answer = await asking.room.post("/api/silences", json=body)
    assert answer.status_code == 400
    assert error in answer.json()["error"]
    assert len(asking.archive.silences) == 2


async def test_a_silence_can_be_ended_once(asking: Asking):
    answer = await asking.room.delete("/api/silences/2")
    (ended,) = answer.json()["silences"]
    assert (ended["number"], ended["in_force"]) == (2, False)
    again = await asking.room.delete("/api/silences/2")
    assert (again.status_code, again.json()["error"]) == (409, "silence 2 is over already")


async def test_all_that_are_in_force_can_be_ended(asking: Asking):
    await added(asking, rule="*")
    answer = await asking.room.delete("/api/silences")
    assert [it["number"] for it in answer.json()["silences"]] == [2, 3]
    assert not any(it["in_force"] for it in await silences(asking))


@pytest.mark.parametrize(
    ("number", "status", "error"),
    [
        ("9", 404, "there is no silence 9"),
        ("1", 409, "silence 1 is over already"),
        ("x", 400, "the number of a silence is a whole number"),
        ("9" * 5000, 400, "the number of a silence is a whole number"),
    ],
)
async def test_what_cannot_be_ended_is_refused(
    asking: Asking, number: str, status: int, error: str
):
    answer = await asking.room.delete(f"/api/silences/{number}")
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_the_client_makes_and_ends_silences(asking: Asking):
    client = asking.client
    wanted = NewSilence(rule="btc-100", until_ms=NOW_MS + HOUR_MS)
    made = await trio.to_thread.run_sync(client.add_silence, wanted)
    assert (made.silence.number, len(made.warnings)) == (3, 1)
    assert [it.number for it in await trio.to_thread.run_sync(client.silences)] == [1, 2, 3]
    (one,) = await trio.to_thread.run_sync(client.end_silences, 3)
    assert one.number == 3
    (rest,) = await trio.to_thread.run_sync(client.end_silences)
    assert rest.number == 2
    with pytest.raises(RefusedError, match="over already"):
        await trio.to_thread.run_sync(client.end_silences, 3)


def test_only_silences_that_swallowed_something_are_counted(tmp_path: Path):
    assert count_silenced(write(tmp_path / "alertd.db", PAST)) == {1: 2}
