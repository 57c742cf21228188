"""What the control room answers about the past, of a real journal."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import trio

from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.journal.records import Batch, Mark, Status
from alertd.web.answers import Retry
from tests.engine.tickers import BEGIN_MS
from tests.web.journaled import GONE, MAIL, PHONE, Asking, journaled_daemon, note_of, past_alert

NIGHT = Silence(
    number=3, rule="btc-*", until_ms=BEGIN_MS + 9_000, comment="asleep", made_ms=BEGIN_MS
)
PAST = Batch(
    silences=(NIGHT,),
    notes=(
        note_of(past_alert(1), PHONE, MAIL),
        note_of(past_alert(2, rule="dips [all]", symbol="SOLUSDT", severity="info"), PHONE),
        note_of(past_alert(3, silence=3)),
        note_of(past_alert(4, symbol="ETHUSDT", threshold=(1.0, 2.0)), PHONE, GONE),
    ),
    marks=(
        Mark(delivery=10, status=Status.DELIVERED, attempts=1, latency_ms=1_200),
        Mark(delivery=11, status=Status.WAITING, attempts=4, reason="HTTP 503"),
        Mark(delivery=20, status=Status.PASSED_ON, attempts=2, reason="to mail"),
        Mark(delivery=40, status=Status.UNDELIVERED, attempts=9, reason="HTTP 500"),
        Mark(delivery=41, status=Status.UNDELIVERED, attempts=1, reason="the token is wrong"),
    ),
)


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Asking]:
    async with journaled_daemon(tmp_path, PAST) as asking:
        yield asking


async def alerts(asking: Asking, **asked: str) -> list[Any]:
    answer = await asking.room.get("/api/history", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["alerts"]
    return found


async def numbers(asking: Asking, **asked: str) -> list[int]:
    return [alert["number"] for alert in await alerts(asking, **asked)]


async def test_an_alert_is_told_whole(asking: Asking):
    (alert,) = await alerts(asking, number="1")
    assert alert == {
        "number": 1,
        "time_ms": BEGIN_MS + 1000,
        "noted_ms": BEGIN_MS + 1090,
        "rule": "btc-100k",
        "symbol": "BTCUSDT",
        "state": "firing",
        "severity": "critical",
        "title": "BTCUSDT close rose above 100000",
        "body": "Close rose above 100000: 99950 to 100210.5\nRule btc-100k (critical)",
        "value": 100_210.5,
        "threshold": 100_000,
        "metrics": {"close": 100_210.5, "volume": 12_345},
        "silence": None,
        "deliveries": [
            {
                "number": 10,
                "destination": "phone: Telegram",
                "status": "delivered",
                "attempts": 1,
                "reason": "",
                "done_ms": BEGIN_MS + 60_000,
                "latency_ms": 1200,
            },
            {
                "number": 11,
                "destination": "mail: E-Mail",
                "status": "waiting",
                "attempts": 4,
                "reason": "HTTP 503",
                "done_ms": None,
                "latency_ms": None,
            },
        ],
    }


async def test_a_silenced_alert_tells_by_which_silence_and_why(asking: Asking):
    (alert,) = await alerts(asking, number="3")
    assert alert["silence"] == {"number": 3, "comment": "asleep"}
    assert alert["deliveries"] == []


async def test_a_band_has_two_thresholds(asking: Asking):
    (alert,) = await alerts(asking, number="4")
    assert alert["threshold"] == {"low": 1, "high": 2}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"limit": "2"}, [3, 4]),
        ({"limit": "2", "before": "3"}, [1, 2]),
        ({"limit": "0"}, []),
        ({"rule": "btc-*"}, [1, 3, 4]),
        ({"rule": "dips"}, []),
        ({"symbol": "SOLUSDT"}, [2]),
        ({"since_ms": str(BEGIN_MS + 2090)}, [2, 3, 4]),
        ({"until_ms": str(BEGIN_MS + 2090)}, [1]),
        ({"undelivered": "true"}, [4]),
        ({"undelivered": "false"}, [1, 2, 3, 4]),
        ({"number": "5"}, []),
    ],
)
async def test_alerts_are_found_by(asking: Asking, asked: dict[str, str], found: list[int]):
    assert await numbers(asking, **asked) == found


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"limit": "1001"}, "limit is from 0 to 1000"),
        ({"limit": "-1"}, "limit is a whole number"),
        ({"limit": "²"}, "limit is a whole number"),
        ({"before": "9" * 5000}, "before is a whole number"),
        ({"before": "9" * 19}, "before is from 0 to 9223372036854775807"),
        ({"undelivered": "yes"}, "undelivered is true or false"),
        ({"rule": "x" * 201}, "a rule or a symbol has at most 200 characters"),
        ({"symbl": "BTCUSDT"}, "what is `symbl`?"),
    ],
)
async def test_what_makes_no_sense_is_refused(asking: Asking, asked: dict[str, str], error: str):
    answer = await asking.room.get("/api/history", params=asked)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_a_journal_that_is_not_there_is_the_machines_fault(tmp_path: Path):
    async with journaled_daemon(tmp_path, reads=tmp_path / "nothing.db") as asking:
        answer = await asking.room.get("/api/history")
    assert answer.status_code == 503
    assert answer.json()["error"] == f"there is no journal {tmp_path}/nothing.db"


async def test_a_journal_that_is_none_cannot_be_read(tmp_path: Path):
    other = tmp_path / "other.db"
    other.write_text("no database, though longer than the head of one has to be" * 10)
    async with journaled_daemon(tmp_path, reads=other) as asking:
        answer = await asking.room.get("/api/history")
        retried = await asking.room.post("/api/retry", json={})
    assert (answer.status_code, retried.status_code) == (503, 503)
    assert f"{other} cannot be read" in answer.json()["error"]


async def retried(asking: Asking, **wanted: object) -> list[Any]:
    answer = await asking.room.post("/api/retry", json=wanted)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["destinations"]
    return found


PHONE_TRIED = {"destination": "phone: Telegram", "undelivered": 1, "waiting": 0, "is_gone": False}
DESK_GONE = {"destination": "desk: Slack", "undelivered": 1, "waiting": 0, "is_gone": True}


async def statuses(asking: Asking, number: str) -> list[str]:
    (alert,) = await alerts(asking, number=number)
    return [delivery["status"] for delivery in alert["deliveries"]]


async def test_what_was_given_up_waits_again_where_there_is_somebody_to_send_it_to(asking: Asking):
    before = await statuses(asking, number="4")
    await retried(asking)
    with trio.fail_after(5):
        while (now := await statuses(asking, number="4")) == before:
            await trio.lowlevel.checkpoint()
    assert now == ["waiting", "undelivered"]


@pytest.mark.parametrize(
    ("wanted", "tried"),
    [
        ({"alert": 4}, [PHONE_TRIED, DESK_GONE]),
        ({"alert": 1}, []),
        ({"channel": "phone"}, [PHONE_TRIED]),
        ({"channel": "mail"}, []),
        ({"alert": 4, "channel": "phone"}, [PHONE_TRIED]),
    ],
)
async def test_only_what_is_meant_is_tried_again(
    asking: Asking, wanted: dict[str, object], tried: list[object]
):
    assert await retried(asking, **wanted) == tried


@pytest.mark.parametrize(
    ("wanted", "status", "error", "near"),
    [
        ({"alert": 5}, 404, "there is no alert 5 in the journal", []),
        ({"alert": -1}, 400, "alert is from 0 to 9223372036854775807", []),
        ({"alert": 2**70}, 400, "alert is from 0 to 9223372036854775807", []),
        ({"channel": "phon"}, 404, "there is no such channel", ["phone"]),
    ],
)
async def test_what_cannot_be_tried_again_is_refused(
    asking: Asking, wanted: dict[str, object], status: int, error: str, near: list[str]
):
    answer = await asking.room.post("/api/retry", json=wanted)
    assert (answer.status_code, answer.json()) == (status, {"error": error, "near": near})


async def test_the_client_reads_what_the_room_answers(asking: Asking):
    client = asking.client
    found = await trio.to_thread.run_sync(client.retry, Retry(alert=4, channel="phone"))
    assert [(it.destination, it.undelivered) for it in found] == [("phone: Telegram", 1)]


async def test_an_explanation_has_the_last_alert_that_was_kept(asking: Asking):
    answer = await asking.room.get("/api/explain", params={"rule": "dips [all]"})
    (standing,) = answer.json()["symbols"]
    assert standing["past_alert"]["number"] == 2


async def test_an_explanation_has_no_alert_of_a_rule_that_its_name_fits_as_a_glob(tmp_path: Path):
    another = note_of(past_alert(5, rule="dips a", symbol="SOLUSDT"))
    past = attrs.evolve(PAST, notes=(*PAST.notes, another))
    async with journaled_daemon(tmp_path, past) as asking:
        answer = await asking.room.get("/api/explain", params={"rule": "dips [all]"})
    assert answer.json()["symbols"][0]["past_alert"]["number"] == 2


async def test_of_several_symbols_past_alerts_are_not_looked_up(asking: Asking):
    answer = await asking.room.get("/api/explain", params={"rule": "btc-100k"})
    assert [it["past_alert"] for it in answer.json()["symbols"]] == [None, None]


async def test_a_rule_is_explained_although_the_journal_cannot_be_read(tmp_path: Path):
    async with journaled_daemon(tmp_path, reads=tmp_path / "nothing.db") as asking:
        answer = await asking.room.get("/api/explain", params={"rule": "dips [all]"})
    assert answer.json()["symbols"][0]["past_alert"] is None


async def test_an_explanation_tells_of_the_silence_that_lasts_longest(asking: Asking):
    for until_ms in (10**14, 10**14 + 1):
        asking.archive.add_silence(
            rule="btc-*", symbol="ETH*", severity=None, until_ms=until_ms, comment="asleep"
        )
    asking.archive.add_silence(
        rule="*", symbol="*", severity=Severity.WARNING, until_ms=10**15, comment=""
    )
    answer = await asking.room.get("/api/explain", params={"rule": "btc-100k"})
    by_symbol = {it["symbol"]: it["silence"] for it in answer.json()["symbols"]}
    assert by_symbol["ETHUSDT"]["until_ms"] == 10**14 + 1
    assert by_symbol["BTCUSDT"] is None
