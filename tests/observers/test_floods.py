"""An outage of the whole market, counted in lines: it is told, and is no flood."""

import logging
import random
from collections.abc import Callable

import attrs
import pytest

from alertd.market.feed.events import Disconnected
from alertd.market.feed.faults import Cause, Fault
from alertd.observers.feed_lines import news_line, still_lost_line
from alertd.observers.sight import News
from alertd.observers.sights import Sights

SYMBOLS = tuple(f"S{number}USDT" for number in range(573))
HOUR_S = 3600.0
FAULTS = (
    Fault(Cause.NETWORK, "Network is unreachable"),
    Fault(Cause.DNS, "the name is not known"),
    Fault(Cause.SLOW, "no answer in time"),
)


@attrs.define
class Log:
    """Sights, and the lines that came of them, with their time; events are given in order."""

    sights: Sights = attrs.field(factory=Sights)
    lines: list[tuple[float, str]] = attrs.field(factory=list)
    now_s: float = 0.0

    def until(self, end_s: float) -> None:
        """Let time pass."""
        while (due_s := self.sights.due_s()) <= end_s:
            self.now_s = due_s = max(due_s, self.now_s)
            for told in self.sights.look(due_s):
                line = news_line(told) if isinstance(told, News) else still_lost_line(told)
                assert line.level >= logging.INFO
                self.lines.append((due_s, line.text))

    def play(self, happenings: list[tuple[float, Callable[[float], None]]]) -> None:
        for at_s, happens in sorted(happenings, key=lambda it: it[0]):
            self.until(at_s)
            self.now_s = at_s
            happens(at_s)
        self.until(10 * HOUR_S)

    def between(self, start_s: float, end_s: float) -> list[str]:
        return [text for at_s, text in self.lines if start_s <= at_s < end_s]


@pytest.fixture
def log() -> Log:
    log = Log()
    log.sights.expect(SYMBOLS, 0.0)
    return log


def links(size: int) -> list[tuple[str, ...]]:
    """The symbols of each connection."""
    return [SYMBOLS[at : at + size] for at in range(0, len(SYMBOLS), size)]


def seen(log: Log, symbols: tuple[str, ...]) -> Callable[[float], None]:
    def happen(now_s: float) -> None:
        for symbol in symbols:
            log.sights.see(symbol, now_s)

    return happen


def cut(
    log: Log, symbols: tuple[str, ...], failures: int, retry_in_s: float, fault: Fault
) -> Callable[[float], None]:
    return lambda now_s: log.sights.lose(Disconnected(symbols, fault, failures, retry_in_s), now_s)


@pytest.mark.parametrize("size", [1, 200])
@pytest.mark.parametrize(("noticed_over_s", "most"), [(0.1, 20), (60.0, 28)])
def test_an_outage_of_an_hour_is_few_lines(log: Log, size: int, noticed_over_s: float, most: int):
    chance = random.Random(7)  # noqa: S311 - it is no secret
    happenings = []
    for number, symbols in enumerate(links(size)):
        happenings.append((1.0, seen(log, symbols)))
        at_s = 100 + chance.random() * noticed_over_s
        failures = 1
        while at_s < 100 + HOUR_S:
            retry_in_s = chance.random() * min(60.0, 2.0**failures)
            fault = chance.choice(FAULTS)
            happenings.append((at_s, cut(log, symbols, failures, retry_in_s, fault)))
            at_s += retry_in_s + chance.random()
            failures += 1
        # The pacer lets fifty connect at once, then one a second.
        back_s = max(at_s, 100 + HOUR_S + max(0, number - 50))
        happenings.append((back_s, seen(log, symbols)))
    log.play(happenings)
    lines = log.between(50, 10 * HOUR_S)
    assert len(log.between(100, 100 + HOUR_S)) <= 20
    assert len(lines) <= most  # of the first word, the hour, and ten minutes until all are back
    assert "not seen: " in lines[0]
    assert ": streaming, after " in lines[-1]
    assert "not yet" not in lines[-1]


def test_the_start_of_many_connections_is_a_handful_of_lines(log: Log):
    happenings = [
        (2.0 + max(0, number - 50), seen(log, symbols)) for number, symbols in enumerate(links(1))
    ]
    log.play(happenings)
    assert len(log.lines) <= 8
    last_s, last = log.lines[-1]
    assert last_s < 2 + 573 - 50 + 1
    assert "not yet" not in last


def test_the_first_word_of_an_outage_comes_within_a_second_of_it(log: Log):
    happenings = [(1.0, seen(log, SYMBOLS))]
    happenings += [
        (100 + number / 10, cut(log, symbols, 1, 60.0, FAULTS[0]))
        for number, symbols in enumerate(links(1))
    ]
    log.play(happenings)
    after = [at_s for at_s, text in log.lines if at_s > 50]
    assert after[0] <= 101.0
    assert len(log.between(100, 160)) <= 10


def test_all_that_come_and_go_all_the_time_are_no_flood(log: Log):
    chance = random.Random(7)  # noqa: S311 - it is no secret
    happenings = [(1.0, seen(log, SYMBOLS))]
    for symbols in links(1):
        at_s = 100 + 60 * chance.random()
        while at_s < HOUR_S:
            happenings.append((at_s, cut(log, symbols, 1, 1.0, FAULTS[0])))
            happenings.append((at_s + 2, seen(log, symbols)))
            at_s += 120 * chance.random() + 3
    log.play(happenings)
    assert len(log.lines) <= 60
