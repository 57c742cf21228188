"""Hours by the minute, over the nights on which clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.engine.hours import DAY_MINUTES, EVERY_DAY, Hours, Span

BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")
MINUTE_MS = 60_000
SUNDAY = frozenset({6})
SATURDAY = frozenset({5})


def ms(text: str) -> int:
    """The event time of a moment in UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def utc(time_ms: int | None) -> str | None:
    if time_ms is None:
        return None
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M}"


def hours(text: str, zone: ZoneInfo = BERLIN, days: frozenset[int] = EVERY_DAY) -> Hours:
    """Hours such as "08:00-22:00", or several with a space between."""
    return Hours(zone, days, tuple(span(it) for it in text.split()))


def span(text: str) -> Span:
    start, end = (int(it[:2]) * 60 + int(it[3:]) for it in text.split("-"))
    return Span(start, end)


def stretches(it: Hours, first: str, last: str) -> list[tuple[str | None, str | None]]:
    """From when to when, in UTC, the hours last between two moments, looked at minute by minute."""
    found, start = [], None
    for time_ms in range(ms(first), ms(last), MINUTE_MS):
        if it.includes(time_ms) and start is None:
            start = time_ms
        elif not it.includes(time_ms) and start is not None:
            found.append((utc(start), utc(time_ms)))
            start = None
    return found if start is None else [*found, (utc(start), None)]


def test_the_start_is_included_and_the_end_is_not():
    it = hours("08:00-22:00", BERLIN)
    assert not it.includes(ms("2026-01-15 06:59:59.999"))
    assert it.includes(ms("2026-01-15 07:00"))
    assert it.includes(ms("2026-01-15 20:59:59.999"))
    assert not it.includes(ms("2026-01-15 21:00"))


def test_the_day_ends_at_24_o_clock():
    it = hours("22:00-24:00", days=SUNDAY)
    assert stretches(it, "2026-01-17 00:00", "2026-01-20 00:00") == [
        ("2026-01-18 21:00", "2026-01-18 23:00")
    ]


def test_a_whole_day_goes_from_midnight_to_midnight_by_its_own_clock():
    it = Hours(BERLIN, SUNDAY)
    assert stretches(it, "2026-01-16 00:00", "2026-01-21 00:00") == [
        ("2026-01-17 23:00", "2026-01-18 23:00")
    ]


def test_hours_that_end_when_they_begin_are_a_whole_day():
    it = hours("08:00-08:00", days=SUNDAY)
    sunday = ("2026-01-18 07:00", "2026-01-19 07:00")
    assert stretches(it, "2026-01-18 00:00", "2026-01-20 00:00") == [sunday]


def test_a_night_belongs_to_the_day_on_which_it_begins():
    it = hours("22:00-06:00", days=SATURDAY)
    assert stretches(it, "2026-01-12 00:00", "2026-01-22 00:00") == [
        ("2026-01-17 21:00", "2026-01-18 05:00")
    ]


def test_days_go_on_over_the_end_of_the_week():
    it = hours("12:00-13:00", days=frozenset({6, 0, 1}))
    assert [start for start, _ in stretches(it, "2026-01-14 00:00", "2026-01-22 00:00")] == [
        "2026-01-18 11:00",
        "2026-01-19 11:00",
        "2026-01-20 11:00",
    ]


def test_two_spans_are_both_within():
    it = hours("08:00-09:00 07:30-08:30 12:00-12:01")
    assert stretches(it, "2026-01-15 00:00", "2026-01-16 00:00") == [
        ("2026-01-15 06:30", "2026-01-15 08:00"),
        ("2026-01-15 11:00", "2026-01-15 11:01"),
    ]


# Berlin: at 01:00 UTC from 02:00 to 03:00 on 2026-03-29, from 03:00 to 02:00 on 2026-10-25.
# Lord Howe, half an hour: at 15:00 UTC from 02:00 to 01:30 on 2026-04-05 (its Sunday), at 15:30 UTC
# from 02:00 to 02:30 on 2026-10-04.
@pytest.mark.parametrize(
    ("text", "zone", "night", "found"),
    [
        ("01:59-03:01", BERLIN, "2026-03-29 00:00", [("00:59", "01:01")]),
        ("02:00-03:00", BERLIN, "2026-03-29 00:00", []),
        ("02:15-02:45", BERLIN, "2026-03-29 00:00", []),
        ("02:30-04:00", BERLIN, "2026-03-29 00:00", [("01:00", "02:00")]),
        ("01:00-02:30", BERLIN, "2026-03-29 00:00", [("00:00", "01:00")]),
        ("22:00-06:00", BERLIN, "2026-03-28 12:00", [("21:00", "04:00")]),
        ("01:59-03:01", BERLIN, "2026-10-25 00:00", [("23:59", "02:01")]),
        ("02:00-03:00", BERLIN, "2026-10-25 00:00", [("00:00", "02:00")]),
        ("02:15-02:45", BERLIN, "2026-10-25 00:00", [("00:15", "00:45"), ("01:15", "01:45")]),
        ("01:00-02:30", BERLIN, "2026-10-25 00:00", [("23:00", "00:30"), ("01:00", "01:30")]),
        ("22:00-06:00", BERLIN, "2026-10-24 12:00", [("20:00", "05:00")]),
        ("01:45-02:00", LORD_HOWE, "2026-04-04 12:00", [("14:45", "15:00"), ("15:15", "15:30")]),
        ("01:30-02:00", LORD_HOWE, "2026-04-04 12:00", [("14:30", "15:30")]),
        ("22:00-06:00", LORD_HOWE, "2026-04-04 10:00", [("11:00", "19:30")]),
        ("02:00-02:30", LORD_HOWE, "2026-10-03 12:00", []),
        ("02:15-02:45", LORD_HOWE, "2026-10-03 12:00", [("15:30", "15:45")]),
        ("22:00-06:00", LORD_HOWE, "2026-10-03 10:00", [("11:30", "19:00")]),
    ],
)
def test_the_clock_on_the_wall_counts_on_the_nights_on_which_it_is_changed(
    text: str, zone: ZoneInfo, night: str, found: list[tuple[str, str]]
):
    begins = datetime.fromisoformat(night)
    # Less than a day, which has that night in it and no other.
    first, last = begins - timedelta(hours=2), begins + timedelta(hours=18)
    seen = stretches(hours(text, zone), f"{first}", f"{last}")
    assert [(str(start)[-5:], str(end)[-5:]) for start, end in seen] == found


def scanned(it: Hours, time_ms: int, days: int) -> int | None:
    """The first time within the hours, looked for minute by minute over so many days."""
    if it.includes(time_ms):
        return time_ms
    first = time_ms // MINUTE_MS * MINUTE_MS + MINUTE_MS
    minutes = range(first, first + days * DAY_MINUTES * MINUTE_MS, MINUTE_MS)
    return next((minute for minute in minutes if it.includes(minute)), None)


ZONES = st.sampled_from(
    [
        *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"),
        # Their clocks are or were changed at midnight, or in the middle of a month of fasting.
        *("America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Africa/Casablanca"),
        # A whole day was left out here, on 2011-12-30.
        "Pacific/Apia",
    ]
).map(ZoneInfo)
ANY_SPANS = st.builds(Span, st.integers(0, DAY_MINUTES - 1), st.integers(0, DAY_MINUTES))
# In the small hours, in which clocks are changed, and short enough to be passed over.
SMALL_SPANS = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 240), st.integers(1, 45)
)
SPANS = (SMALL_SPANS | ANY_SPANS).filter(lambda it: it.start != it.end)
HOURS = st.builds(
    Hours,
    ZONES,
    st.sampled_from(range(7)).map(lambda it: frozenset({it}))
    | st.frozensets(st.integers(0, 6), min_size=1),
    st.lists(SPANS, min_size=1, max_size=3).map(tuple),
)
# The weeks in which clocks are changed somewhere, and any time beside.
CHANGES = [
    *("2011-12-30 10:00", "2026-03-29 01:00", "2026-10-25 01:00", "2026-04-04 15:00"),
    *("2026-10-03 15:30", "2026-04-05 03:00", "2026-09-06 04:00", "2026-04-23 22:00"),
    *("2026-10-29 21:00", "2026-03-28 22:00", "2026-10-24 21:00", "2026-03-08 05:00"),
    *("2026-11-01 05:00", "2026-02-15 02:00", "2026-03-22 02:00", "2026-03-08 07:00"),
]
TIMES = st.builds(
    lambda change, minutes, rest: ms(change) + minutes * MINUTE_MS + rest,
    st.sampled_from(CHANGES),
    st.integers(-3 * DAY_MINUTES, DAY_MINUTES),
    st.sampled_from([0, 1, 59_999]),
)


@settings(deadline=None, max_examples=150)
@given(it=HOURS, time_ms=TIMES)
def test_the_next_opening_is_the_one_that_a_look_at_every_minute_finds(it: Hours, time_ms: int):
    assert utc(it.opens_ms(time_ms)) == utc(scanned(it, time_ms, days=15))


def test_what_is_open_opens_now():
    now = ms("2026-01-15 12:00") + 123
    assert hours("08:00-22:00").opens_ms(now) == now


@pytest.mark.parametrize(
    ("text", "days", "now", "opens"),
    [
        ("08:00-22:00", EVERY_DAY, "2026-01-15 21:00", "2026-01-16 07:00"),
        ("08:00-22:00", SUNDAY, "2026-01-18 21:00", "2026-01-25 07:00"),
        ("08:00-22:00", EVERY_DAY, "2026-03-28 21:00", "2026-03-29 06:00"),
        ("02:15-02:45", EVERY_DAY, "2026-10-25 00:45", "2026-10-25 01:15"),
        # There is no 02:15 on that Sunday, and so none in that week.
        ("02:15-02:45", SUNDAY, "2026-03-28 12:00", "2026-04-05 00:15"),
        ("02:15-02:45", SUNDAY, "2026-03-22 02:00", "2026-04-05 00:15"),
        # There are two on that Sunday, and the first is the next.
        ("02:15-02:45", EVERY_DAY, "2026-10-25 00:00", "2026-10-25 00:15"),
        # The clock is changed while they last, on the day after.
        ("00:30-04:00", EVERY_DAY, "2026-03-28 12:00", "2026-03-28 23:30"),
        # The clock goes past its beginning: it begins as soon as the clock is past it.
        ("02:30-04:00", EVERY_DAY, "2026-03-29 00:00", "2026-03-29 01:00"),
    ],
)
def test_hours_open_when_their_clock_says_so(text: str, days: frozenset[int], now: str, opens: str):
    assert utc(hours(text, days=days).opens_ms(ms(now))) == opens


def test_an_opening_is_found_on_the_other_side_of_a_day_that_never_was():
    friday = Hours(ZoneInfo("Pacific/Apia"), frozenset({4}))
    assert utc(friday.opens_ms(ms("2011-12-29 12:00"))) == "2012-01-05 10:00"
