"""Active hours, to the tick: at their edges, over midnight, and over both changes of the clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alertd.engine.hours import EVERY_DAY, Hours, Span
from tests.engine.stories import Players
from tests.engine.tickers import BEGIN_MS, check_of, rule, ticker

BERLIN = ZoneInfo("Europe/Berlin")
ABOVE = check_of("close", "above", 100)
CROSSES = check_of("close", "crosses_above", 100)


def hours(start: str, end: str, days: frozenset[int] = EVERY_DAY) -> Hours:
    def minute(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    return Hours(BERLIN, days, (Span(minute(start), minute(end)),))


def at(time: str, close: float):
    """A ticker at a time of the world's clock."""
    seconds = datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp()
    return ticker(seconds - BEGIN_MS / 1000, close=close)


def times_of_alerts(active: Hours, *story: tuple[str, float], when=ABOVE, **keys) -> list[str]:
    players = Players(rule(when, active=active, **keys))
    return [time for time, close in story for _ in players.update(at(time, close))]


@pytest.mark.parametrize(
    ("active", "before", "opening", "last", "closed"),
    [
        pytest.param(
            hours("08:00", "22:00"),
            "2026-01-15 06:59:59.999",
            "2026-01-15 07:00:00.000",
            "2026-01-15 20:59:59.999",
            "2026-01-15 21:00:00.000",
            id="in winter",
        ),
        pytest.param(
            hours("08:00", "22:00"),
            "2026-03-29 05:59:59.999",
            "2026-03-29 06:00:00.000",
            "2026-03-29 19:59:59.999",
            "2026-03-29 20:00:00.000",
            id="on the day on which the clock is put forward",
        ),
        pytest.param(
            hours("08:00", "22:00"),
            "2026-10-25 06:59:59.999",
            "2026-10-25 07:00:00.000",
            "2026-10-25 20:59:59.999",
            "2026-10-25 21:00:00.000",
            id="on the day on which it is put back",
        ),
        pytest.param(
            hours("22:00", "06:00"),
            "2026-03-28 20:59:59.999",
            "2026-03-28 21:00:00.000",
            "2026-03-29 03:59:59.999",
            "2026-03-29 04:00:00.000",
            id="over the night of seven hours",
        ),
        pytest.param(
            hours("22:00", "06:00"),
            "2026-10-24 19:59:59.999",
            "2026-10-24 20:00:00.000",
            "2026-10-25 04:59:59.999",
            "2026-10-25 05:00:00.000",
            id="over the night of nine hours",
        ),
        pytest.param(
            hours("02:30", "04:00"),
            "2026-03-29 00:59:59.999",
            "2026-03-29 01:00:00.000",
            "2026-03-29 01:59:59.999",
            "2026-03-29 02:00:00.000",
            id="from a time that does not come: from the one after it",
        ),
        pytest.param(
            hours("01:00", "02:30"),
            "2026-03-28 23:59:59.999",
            "2026-03-29 00:00:00.000",
            "2026-03-29 00:59:59.999",
            "2026-03-29 01:00:00.000",
            id="until a time that does not come",
        ),
        pytest.param(
            hours("22:00", "06:00", frozenset({4})),
            "2026-01-16 20:59:59.999",
            "2026-01-16 21:00:00.000",
            "2026-01-17 04:59:59.999",
            "2026-01-17 05:00:00.000",
            id="a night belongs to the day on which it begins",
        ),
    ],
)
def test_a_level_fires_when_its_hours_begin_and_an_event_within_them(
    active: Hours, before: str, opening: str, last: str, closed: str
):
    assert times_of_alerts(active, (before, 101), (opening, 101), (last, 101)) == [opening]
    level = [(opening, 99), (last, 101), (closed, 101)]
    assert times_of_alerts(active, *level) == [last]
    assert times_of_alerts(active, (last, 99), (closed, 101)) == []
    assert times_of_alerts(active, (before, 99), (opening, 101), when=CROSSES) == [opening]
    assert times_of_alerts(active, (last, 99), (closed, 101), when=CROSSES) == []


def test_an_event_outside_the_hours_is_dropped_and_counted():
    players = Players(rule(CROSSES, active=hours("08:00", "22:00")))
    for time in ("06:00", "06:50"):
        players.update(at(f"2026-01-15 {time}", 99))
        players.update(at(f"2026-01-15 {time}:02", 101))
    players.update(at("2026-01-15 07:10", 99))
    (alert,) = players.update(at("2026-01-15 07:10:02", 101))
    assert alert.dropped == 2
    assert players.engine.dropped_events == 2


def test_a_level_is_held_outside_the_hours_as_well():
    story = [("2026-01-15 06:30", 101), ("2026-01-15 07:00", 101)]
    assert times_of_alerts(hours("08:00", "22:00"), *story, for_s=1800) == [story[1][0]]


def test_that_it_is_over_is_not_said_outside_the_hours():
    story = [("2026-01-15 20:00", 101), ("2026-01-15 22:00", 99), ("2026-01-16 08:00", 99)]
    said = times_of_alerts(hours("08:00", "22:00"), *story, notify_resolved=True)
    assert said == [story[0][0]]


def test_repeats_wait_until_the_hours_begin():
    story = [
        ("2026-01-15 20:30", 101),
        ("2026-01-15 21:30", 101),
        ("2026-01-16 06:59", 101),
        ("2026-01-16 07:00", 101),
    ]
    said = times_of_alerts(hours("08:00", "22:00"), *story, repeat_s=3600)
    assert said == [story[0][0], story[3][0]]
