"""Ticks of time stand where the clock on the wall is round, also when it is put forward or back."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.drawing.times import length, time_ticks, wall, zone_name

BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
CAIRO = ZoneInfo("Africa/Cairo")
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def ms(*date: int, zone: tzinfo = UTC) -> int:
    return round(datetime(*date, tzinfo=zone).timestamp() * 1000)  # type: ignore[arg-type,misc]


def texts(start_ms: int, end_ms: int, zone: tzinfo, most: int) -> list[str]:
    return [tick.text for tick in time_ticks(start_ms, end_ms, zone, most)]


def test_hours_are_whole_and_midnight_is_a_date():
    start = ms(2025, 5, 8, 20, 10)
    assert texts(start, start + 6 * HOUR_MS, ZoneInfo("UTC"), 6) == [
        "21:00",
        "22:00",
        "23:00",
        "9 May",
        "01:00",
        "02:00",
    ]


def test_hours_are_whole_in_a_zone_that_is_45_minutes_off():
    start = ms(2025, 5, 8, 6, 0)
    assert texts(start, start + 3 * HOUR_MS, KATHMANDU, 3) == ["12:00", "13:00", "14:00"]


def test_ten_minutes_are_round_in_a_zone_that_is_45_minutes_off():
    start = ms(2025, 5, 8, 6, 0)
    assert texts(start, start + HOUR_MS // 2, KATHMANDU, 3) == ["11:50", "12:00", "12:10"]


def test_the_hour_that_is_skipped_in_spring_has_no_tick():
    start = ms(2025, 3, 30, 0, 30, zone=BERLIN)
    assert texts(start, start + 4 * HOUR_MS, BERLIN, 4) == ["01:00", "03:00", "04:00", "05:00"]


def test_the_hour_that_comes_twice_in_autumn_has_two_ticks():
    start = ms(2025, 10, 26, 0, 30, zone=BERLIN)
    assert texts(start, start + 4 * HOUR_MS, BERLIN, 4) == ["01:00", "02:00", "02:00", "03:00"]


def test_every_third_hour_stays_on_its_hours_when_the_clock_is_put_forward():
    start = ms(2025, 3, 29, 21, 0, zone=BERLIN)
    assert texts(start, start + 10 * HOUR_MS, BERLIN, 4) == ["21:00", "30 Mar", "03:00", "06:00"]


def test_a_clock_that_is_put_back_by_half_an_hour_keeps_whole_hours():
    start = ms(2025, 4, 5, 23, 45, zone=LORD_HOWE)
    assert texts(start, start + 4 * HOUR_MS, LORD_HOWE, 4) == ["6 Apr", "01:00", "02:00", "03:00"]


def test_a_day_without_a_midnight_begins_where_its_clock_does():
    # Cairo goes from 23:59:59 on the 24th of April to 1:00 on the 25th.
    start = ms(2025, 4, 24, 12, 0, zone=CAIRO)
    ticks = time_ticks(start, start + 2 * DAY_MS, CAIRO, 3)
    assert [(tick.text, f"{wall(tick.time_ms, CAIRO):%d %H:%M}") for tick in ticks] == [
        ("25 Apr", "25 01:00"),
        ("26 Apr", "26 00:00"),
    ]


def test_a_month_has_the_dates_of_mondays():
    start = ms(2025, 5, 4)
    assert texts(start, start + 31 * DAY_MS, BERLIN, 5) == [
        "5 May",
        "12 May",
        "19 May",
        "26 May",
        "2 Jun",
    ]


def test_five_minutes_have_minutes():
    start = ms(2025, 5, 8, 12, 0) + 1
    assert texts(start, start + 5 * 60_000, BERLIN, 5) == [
        "14:01",
        "14:02",
        "14:03",
        "14:04",
        "14:05",
    ]


@given(
    st.integers(0, 4_000_000_000),
    st.integers(0, 10_000_000),
    st.sampled_from([BERLIN, KATHMANDU, LORD_HOWE, CAIRO, ZoneInfo("America/St_Johns")]),
    st.integers(1, 12),
)
def test_ticks_rise_within_the_span_and_are_few(start_s: int, span_s: int, zone: tzinfo, most: int):
    start, end = start_s * 1000, (start_s + span_s) * 1000
    ticks = time_ticks(start, end, zone, most)
    # One more at an end, and two more in the night in which an hour comes twice.
    assert len(ticks) <= most + 3
    assert all(start <= tick.time_ms <= end for tick in ticks)
    assert all(one.time_ms < other.time_ms for one, other in pairwise(ticks))


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (BERLIN, "CEST"),
        (KATHMANDU, "UTC+05:45"),
        (ZoneInfo("UTC"), "UTC"),
        (timezone(timedelta(hours=2)), "UTC+02:00"),
        (ZoneInfo("America/Caracas"), "UTC-04:00"),
    ],
)
def test_a_zone_has_its_common_name_or_its_offset(zone: tzinfo, name: str):
    assert zone_name(ms(2025, 7, 1), zone) == name


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(60, "1m"), (90, "90s"), (3600, "1h"), (5400, "1h 30m"), (7 * 86_400, "7d")],
)
def test_a_window_is_as_long_as_its_rule_says(seconds: int, text: str):
    assert length(seconds * 1000) == text
