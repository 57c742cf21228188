"""What `alertd status` shows, at the widths and heights that terminals have."""

import io
from typing import Any

import attrs
import pytest
from rich.console import Console

from alertd.cli.status_look import Look
from alertd.cli.status_shown import shown
from alertd.web.explain_answers import Hurdle, Reading
from alertd.web.status_answers import (
    Destination,
    Feed,
    LastReload,
    Nearest,
    RuleStanding,
    RuleStandings,
    Status,
    Unseen,
)
from tests.cli.past_alerts import TIME_MS, delivery, past_alert
from tests.cli.test_silences_shown import SILENCE

FEED = Feed(watched=2, streaming=2, unseen=(), tickers=1_234, gaps=0, longest_gap_ms=0)
STATUS = Status(
    version="1.0",
    config="/etc/alertd/config.yaml",
    status="2 of 2 symbols streaming",
    began_ms=TIME_MS,
    now_ms=TIME_MS + 90_000,
    trouble=(),
    feed=FEED,
    rules=1,
    firing=0,
    alerts=0,
    undelivered=0,
    destinations=(),
    silences=(),
    reload=None,
)
READING = Reading(
    comparison="close above 100",
    metric="close",
    operator="above",
    unit="price",
    value=90.0,
    previous=90.0,
    threshold=100.0,
    fixed=True,
    back=None,
    true=False,
)
NEAREST = Nearest(
    symbol="BTCUSDT", close=90.0, hurdle=Hurdle(percent=11.11, reading=READING, distance=10.0)
)


def rule(**changes: Any) -> RuleStanding:
    made = RuleStanding(
        rule="up",
        when="close above 100",
        severity="info",
        enabled=True,
        event=False,
        symbols=3,
        unknown=0,
        firing=0,
        firing_symbols=(),
        pending=0,
        pending_symbols=(),
        nearest=NEAREST,
        last_alert_ms=None,
    )
    return attrs.evolve(made, **changes)


def look(*rules: RuleStanding, **changes: Any) -> Look:
    status = attrs.evolve(STATUS, **changes)
    return Look(status, RuleStandings(time_ms=TIME_MS, rules=rules or (rule(),)), ())


def printed(
    seen: Look, before: Look | None = None, *, width: int = 80, height: int | None = None
) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False)
    console.print(shown(seen, before, width=width, height=height, utc=True))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_who_it_is_how_it_goes_and_since_when_come_first():
    assert printed(look())[:3] == [
        "alertd 1.0 · all is well · for 1m 30s, since 2023-11-14 22:13:20 UTC",
        "config   /etc/alertd/config.yaml",
        "feed     2 of 2 symbols streaming, 1,234 tickers",
    ]


def test_what_is_wrong_stands_above_all_else():
    head, *lines = printed(look(trouble=("phone: Telegram refuses alerts", "another")))
    assert "2 troubles" in head
    assert lines[:2] == ["  phone: Telegram refuses alerts", "  another"]


def test_a_reload_is_told_with_its_time():
    reload = LastReload(ok=True, summary="reloaded", time_ms=TIME_MS + 1000)
    config = "config   /etc/alertd/config.yaml, reloaded 11-14 22:13:21"
    assert config in printed(look(reload=reload))


def test_between_two_looks_tickers_are_counted_in_a_second():
    now = attrs.evolve(STATUS, now_ms=STATUS.now_ms + 2_000, feed=attrs.evolve(FEED, tickers=1_807))
    told = printed(attrs.evolve(look(), status=now), look())
    assert "feed     2 of 2 symbols streaming, 286.5 tickers/s" in told


def test_after_a_restart_they_are_not():
    before = look(began_ms=TIME_MS - 1)
    assert "feed     2 of 2 symbols streaming, 1,234 tickers" in printed(look(), before)


def test_symbols_that_are_not_seen_are_told_with_the_reason():
    unseen = Unseen(symbols=("A", "B"), reason="cut", since_ms=TIME_MS, is_cut=True)
    never = Unseen(symbols=("C",), reason="no ticker has come yet", since_ms=None, is_cut=False)
    feed = attrs.evolve(FEED, streaming=0, unseen=(unseen, never), gaps=2, longest_gap_ms=4_000)
    assert printed(look(feed=feed))[2:5] == [
        "feed     0 of 2 symbols streaming, 1,234 tickers, 2 gaps, the longest 4s",
        "  A, B: not seen for 1m 30s: cut",
        "  C: not seen: no ticker has come yet",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "up quiet 11.11% BTCUSDT of 3: close 90"),
        ({"symbols": 1, "event": True}, "up waits 11.11% BTCUSDT: close 90"),
        ({"firing": 2, "firing_symbols": ("A", "B")}, "up firing 2 A, B"),
        ({"pending": 1, "pending_symbols": ("A",)}, "up pending 1 A"),
        ({"enabled": False}, "up disabled"),
        ({"nearest": None, "symbols": 0}, "up quiet watches no symbol"),
        ({"nearest": None, "unknown": 3}, "up quiet no ticker yet"),
        ({"nearest": None}, "up quiet not known"),
    ],
)
def test_a_rule_has_a_line(changes: dict[str, Any], told: str):
    lines = printed(look(rule(**changes)))
    assert " ".join(lines[5].split()) == told


def test_where_there_is_room_the_last_alert_has_a_column():
    wide = printed(look(rule(last_alert_ms=TIME_MS)), width=140)
    assert wide[5].endswith("2023-11-14 22:13:20")


def test_a_destination_says_what_waits_and_why():
    refusing = Destination(
        destination="phone: Telegram",
        channel="phone",
        state="refusing",
        reason="the bot token\nis wrong",
        failing_for_ms=60_000,
        waiting=3,
        delivered_ms=TIME_MS,
    )
    *_, line, _, none = printed(look(destinations=(refusing,)), width=140)
    assert " ".join(line.split()) == (
        "phone: Telegram 3 refusing for 1m: the bot token is wrong, last delivered 1m 30s ago"
    )
    assert none == "no alert yet"


def test_silences_in_force_are_told():
    lines = printed(look(silences=(SILENCE,)))
    assert "1 silence in force" in lines
    assert "2 rule btc-* on BTCUSDT, until 2023-11-14 22:13:20 UTC: release" in lines


def test_the_newest_alert_comes_first_with_what_became_of_it():
    old, new = past_alert(delivery(), title="old"), past_alert(delivery("waiting"), title="new")
    seen = attrs.evolve(look(), alerts=(old, new))
    *_, first, second = printed(seen)
    assert first == "11-14 22:13:20 ■ new · phone: Telegram waiting"
    assert second == "11-14 22:13:20 ■ old · phone: Telegram delivered"


def test_alerts_that_cannot_be_read_hide_nothing_else():
    assert printed(attrs.evolve(look(), alerts=None))[-1] == (
        "the last alerts cannot be read just now"
    )


def crowded() -> Look:
    destination = Destination(
        destination="phone: Telegram",
        channel="phone",
        state="well",
        reason="",
        failing_for_ms=0,
        waiting=0,
        delivered_ms=None,
    )
    rules = [rule(rule=f"rule-{number}-with-a-long-name-that-goes-on") for number in range(100)]
    seen = look(*rules, destinations=(destination,) * 3, silences=(SILENCE,) * 5)
    alerts = tuple(past_alert(delivery(), title="many words " * 20) for _ in range(10))
    return attrs.evolve(seen, alerts=alerts)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (140, 40), (80, 60)])
def test_as_much_is_shown_as_fits(width: int, height: int):
    lines = printed(crowded(), width=width, height=height)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert sum("rule-" in it for it in lines) >= 3
    assert sum("many words" in it for it in lines) >= 2


def test_once_and_for_all_every_rule_is_shown():
    assert sum("rule-" in it for it in printed(crowded())) == 100
