"""Quiet hours: they hold what is not severe enough, and end with one message. Exact times."""

from datetime import UTC

import attrs

from alertd.delivery.channel import Quiet
from alertd.delivery.report import Outcome
from alertd.engine.hours import Hours, Span
from alertd.engine.rule import Severity
from tests.delivery.deliveries import delivery_of
from tests.delivery.post import SETTINGS, Post, down_until

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
HOUR_S, DAY_S = 3_600, 86_400
MIDNIGHT_MS = 1_746_662_400_000  # 2025-05-08 00:00 UTC
EIGHT_HOURS = Hours(UTC, spans=(Span(0, 8 * 60),))
QUIET = attrs.evolve(SETTINGS, quiet=Quiet(EIGHT_HOURS, allow=WARNING))


def night(service=None, settings=QUIET) -> Post:
    """A post whose second 0 is a midnight, from which on it is quiet for eight hours."""
    post = Post(service or down_until(0), settings, start_ms=MIDNIGHT_MS)
    post.pass_until(0)
    return post


def noted(number: int, severity: Severity = INFO):
    return delivery_of(number, severity, noted_ms=MIDNIGHT_MS)


def test_what_is_severe_enough_goes_at_once_and_the_rest_when_they_end():
    post = night()
    post.put(noted(1), noted(2, WARNING), noted(3, CRITICAL))
    post.pass_until(9 * HOUR_S)
    assert post.sent == [(0, "BTCUSDT 2"), (1, "BTCUSDT 3"), (8 * HOUR_S, "BTCUSDT 1")]


def test_few_that_were_held_go_as_one_digest():
    post = night()
    post.put(noted(1), noted(2))
    post.pass_until(9 * HOUR_S)
    assert post.sent == [(8 * HOUR_S, "2 alerts")]


def test_what_comes_after_they_have_ended_goes_as_ever():
    post = night()
    post.pass_until(9 * HOUR_S)
    post.put(noted(1), noted(2))
    post.pass_until(10 * HOUR_S)
    assert post.times() == [9 * HOUR_S, 9 * HOUR_S + 1]


def test_they_begin_for_what_waits_already():
    post = Post(down_until(90), QUIET, start_ms=MIDNIGHT_MS - 60_000)
    post.put(noted(1), noted(2, WARNING))
    post.pass_until(8 * HOUR_S + 59)
    assert post.came_of(Outcome.DELIVERED) == [2]
    post.pass_until(8 * HOUR_S + 60)
    assert post.came_of(Outcome.DELIVERED) == [2, 1]


def test_a_clock_that_is_set_out_of_them_ends_them_within_a_minute():
    post = night()
    post.put(noted(1))
    post.pass_until(HOUR_S)
    post.set_clock(forward_s=12 * HOUR_S)
    post.pass_until(HOUR_S + 60)
    assert post.came_of(Outcome.DELIVERED) == [1]


def test_what_they_hold_grows_no_older():
    post = night(down_until(1e12))
    post.put(noted(1), noted(2, CRITICAL))
    post.pass_until(DAY_S + 300)
    assert post.came_of(Outcome.UNDELIVERED) == [2]
    post.pass_until(2 * DAY_S)
    # Eight hours of each of the two days do not count: it is given up in the evening.
    assert post.came_of(Outcome.UNDELIVERED) == [2, 1]
    lost = post.reports[-1]
    assert DAY_S + 16 * HOUR_S <= lost.latency_s <= DAY_S + 16 * HOUR_S + 300


def test_a_night_before_it_came_makes_it_no_younger():
    post = night(down_until(1e12))
    post.pass_until(9 * HOUR_S)
    post.put(delivery_of(1, INFO, noted_ms=post.now.ms))
    # Of the day that it may be old, eight hours of the next night do not count.
    post.pass_until((9 + 24 + 8) * HOUR_S - 1)
    assert post.came_of(Outcome.UNDELIVERED) == []
    post.pass_until((9 + 24 + 8) * HOUR_S + 300)
    assert post.came_of(Outcome.UNDELIVERED) == [1]


def test_what_they_hold_is_not_passed_on_before_they_end():
    post = night(down_until(1e12), attrs.evolve(QUIET, fallback="mail"))
    post.put(noted(1), noted(2, CRITICAL))
    post.pass_until(8 * HOUR_S - 1)
    assert post.came_of(Outcome.PASSED_ON) == [2]
    post.pass_until(8 * HOUR_S)
    assert post.came_of(Outcome.PASSED_ON) == [2, 1]


def test_what_they_hold_is_not_overdue():
    post = night(down_until(1e12))
    post.put(noted(1), noted(2, CRITICAL))
    post.pass_until(HOUR_S)
    assert post.outbox.overdue_s(post.now) == HOUR_S
    post.outbox.adopt(attrs.evolve(QUIET, fallback="mail"))
    post.pass_until(HOUR_S)
    assert post.outbox.overdue_s(post.now) == 0


def test_an_end_of_them_by_new_settings_counts_at_once():
    post = night()
    post.put(noted(1))
    post.pass_until(HOUR_S)
    post.outbox.adopt(SETTINGS)
    post.pass_until(HOUR_S)
    assert post.came_of(Outcome.DELIVERED) == [1]
