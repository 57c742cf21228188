"""Points in time as people type them."""

import os
import time
from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import click
import pytest

from alertd.cli.common import UsersMistake
from alertd.cli.moments import ahead, before, full, length

OPTION = click.Option(["--since"])
CONTEXT = click.Context(click.Command("history"))


@pytest.fixture(autouse=True)
def _berlin() -> Generator[None]:
    kept = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if kept is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = kept
    time.tzset()


def now() -> datetime:
    return datetime.now(UTC)


def read(text: str) -> datetime:
    found = before(CONTEXT, OPTION, text)
    assert found is not None
    return datetime.fromtimestamp(found / 1000, UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02T10:00Z", "2026-01-02T10:00:00+00:00"),
        ("2026-01-02T10:00", "2026-01-02T09:00:00+00:00"),
        ("2026-07-02 10:00:30", "2026-07-02T08:00:30+00:00"),
        ("2026-01-02T10:00+05:00", "2026-01-02T05:00:00+00:00"),
        ("2026-01-02", "2026-01-01T23:00:00+00:00"),
        ("1950-01-02", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_a_time_without_a_zone_is_that_of_the_machine(text: str, moment: str):
    assert read(text).isoformat() == moment


def test_a_duration_is_before_now_or_ahead_of_it():
    assert abs(now() - timedelta(hours=2) - read("2h")) < timedelta(seconds=30)
    coming = ahead(CONTEXT, OPTION, "2h")
    assert coming is not None
    assert abs(coming / 1000 - now().timestamp() - 7200) < 30


@pytest.mark.parametrize("hours", [-1, 1])
def test_an_hour_is_the_last_one_or_the_next(hours: int):
    """An hour ago, and an hour from now, whatever day that is."""
    other = now() + timedelta(hours=hours)
    text = f"{other:%H:%M:%S}Z"
    last, following = before(CONTEXT, OPTION, text), ahead(CONTEXT, OPTION, text)
    assert last is not None
    assert following is not None
    assert last < now().timestamp() * 1000 < following
    assert following - last == 24 * 3_600_000
    assert abs((last if hours < 0 else following) / 1000 - other.timestamp()) < 1


@pytest.mark.parametrize(
    "text", ["", "yesterday", "25:00", "2026-13-01", "0001-01-01", "2 h", "-2h"]
)
def test_what_is_no_time_is_the_users_mistake(text: str):
    with pytest.raises(UsersMistake, match=r"--since: .* is no time: write it like 2h, 18:00"):
        before(CONTEXT, OPTION, text)


def test_what_is_no_duration_is_the_users_mistake():
    with pytest.raises(UsersMistake, match=r"--since: .* is no duration"):
        length(CONTEXT, OPTION, "18:00")


def test_what_is_not_given_is_none():
    assert [it(CONTEXT, OPTION, None) for it in (before, ahead, length)] == [None] * 3


@pytest.mark.parametrize(
    ("utc", "text"), [(True, "2023-11-14 22:13:20 UTC"), (False, "2023-11-14 23:13:20 CET")]
)
def test_a_time_is_shown_with_its_zone(utc: bool, text: str):  # noqa: FBT001 - a parameter of the test
    assert full(1_700_000_000_000, utc=utc) == text
