"""A destination that fails: the network's fault, or the service's for now. Exact times."""

import attrs

from alertd.delivery.failure import Failure
from alertd.delivery.report import Outcome
from alertd.delivery.services import Limits
from alertd.engine.rule import Severity
from alertd.rate import Rate
from tests.delivery.deliveries import NOTED_MS, delivery_of
from tests.delivery.post import DOWN, SETTINGS, Post, down_until

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
FOR_EVER = down_until(1e12)
WITH_FALLBACK = attrs.evolve(SETTINGS, fallback="mail")


def several(first: int, last: int):
    return [delivery_of(number) for number in range(first, last + 1)]


def test_the_back_off_doubles_up_to_a_minute():
    post = Post(FOR_EVER)
    post.put(delivery_of())
    post.pass_until(200)
    # The jitter draws one half; the rate is one a second, and it counts failures too.
    assert post.times() == [0, 1, 2, 4, 8, 16, 32, 62, 92, 122, 152, 182]
    assert post.reports[4].retry_in_s == 8


def test_after_ten_minutes_it_is_up_to_five():
    post = Post(FOR_EVER)
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    pauses = [
        after - before for before, after in zip(post.times()[:-1], post.times()[1:], strict=True)
    ]
    assert pauses[-5:] == [150] * 5
    assert len(post.sent) < 50


def test_what_the_service_asks_for_is_kept_to_the_second():
    post = Post(down_until(1, Failure("HTTP 429", retry_after_s=37.5)))
    post.put(*several(1, 2))
    post.pass_until(60)
    assert post.sent == [(0, "BTCUSDT 1"), (37.5, "BTCUSDT 1"), (38.5, "BTCUSDT 2")]
    assert post.reports[0].retry_in_s == 37.5


def test_what_waits_behind_a_failure_keeps_its_place():
    post = Post(down_until(3))
    post.put(*several(1, 3))
    post.pass_until(60)
    assert [title for _, title in post.sent] == [
        *["BTCUSDT 1"] * 4,
        "BTCUSDT 2",
        "BTCUSDT 3",
    ]


def test_what_came_during_an_outage_goes_as_one_digest():
    post = Post(down_until(HOUR_S))
    for number in range(1, 31):
        post.pass_until(number * MINUTE_S)
        post.put(delivery_of(number))
    post.pass_until(2 * HOUR_S)
    assert post.sent[-1][1] == "30 alerts"
    assert post.came_of(Outcome.DELIVERED) == list(range(1, 31))


def test_people_are_told_after_a_minute_of_failing_and_when_it_is_over():
    post = Post(down_until(90))
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    (opened_s, opened), (over_s, over) = post.faults
    assert (opened_s, over_s) == (60, 92)
    assert (opened.is_open, opened.is_refused, opened.failing_for_s) == (True, False, 60)
    assert (over.is_open, over.failing_for_s, over.reason) == (False, 92, "HTTP 500")
    assert (opened.label, opened.key, opened.channel) == ("phone: Telegram", "phone/1", "phone")


def test_people_are_told_of_a_service_that_asks_to_be_left_alone_for_long():
    post = Post(down_until(1, Failure("HTTP 429", retry_after_s=3_000)))
    post.put(delivery_of())
    post.pass_until(60)
    assert [at for at, _ in post.faults] == [60]


def test_a_failure_that_is_over_within_a_minute_is_no_fault():
    post = Post(down_until(30))
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    assert post.faults == []
    assert post.came_of(Outcome.DELIVERED) == [1]


def test_a_delivery_is_given_up_after_a_day():
    post = Post(FOR_EVER)
    post.put(delivery_of())
    post.pass_until(DAY_S - 1)
    assert post.came_of(Outcome.UNDELIVERED) == []
    post.pass_until(DAY_S + 300)
    (lost,) = [it for it in post.reports if it.outcome is Outcome.UNDELIVERED]
    assert DAY_S <= lost.latency_s <= DAY_S + 300
    assert (lost.reason, lost.attempt) == ("HTTP 500", len(post.sent))
    assert len(post.outbox) == 0


def test_what_is_younger_is_kept_when_the_older_is_given_up():
    post = Post(FOR_EVER)
    post.put(delivery_of(1))
    post.pass_until(HOUR_S)
    post.put(delivery_of(2, noted_ms=NOTED_MS + HOUR_S * 1000))
    post.pass_until(DAY_S + 300)
    assert post.came_of(Outcome.UNDELIVERED) == [1]
    assert len(post.outbox) == 1


def test_what_a_restart_finds_is_as_old_as_it_is():
    post = Post(FOR_EVER, start_ms=NOTED_MS + 20 * HOUR_S * 1000)
    post.put(delivery_of())
    post.pass_until(4 * HOUR_S - 1)
    assert post.came_of(Outcome.UNDELIVERED) == []
    post.pass_until(4 * HOUR_S + 300)
    assert post.came_of(Outcome.UNDELIVERED) == [1]


def test_however_old_it_is_it_is_tried_for_an_hour():
    post = Post(down_until(50 * MINUTE_S), start_ms=NOTED_MS + 365 * DAY_S * 1000)
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    assert post.came_of(Outcome.DELIVERED) == [1]


def test_a_clock_that_is_set_makes_nothing_older_or_younger():
    for forward_s in (-10 * DAY_S, 10 * DAY_S):
        post = Post(FOR_EVER)
        post.put(delivery_of())
        post.pass_until(HOUR_S)
        post.set_clock(forward_s=forward_s)
        post.pass_until(DAY_S - 1)
        assert post.came_of(Outcome.UNDELIVERED) == []
        post.pass_until(DAY_S + 300)
        assert post.came_of(Outcome.UNDELIVERED) == [1]


def test_one_that_was_noted_in_the_future_is_as_young_as_can_be_and_no_younger():
    post = Post(FOR_EVER, start_ms=NOTED_MS - 10 * DAY_S * 1000)
    post.put(delivery_of())
    post.pass_until(DAY_S + 300)
    assert post.came_of(Outcome.UNDELIVERED) == [1]


def test_what_is_old_and_had_no_turn_yet_is_not_given_up_by_the_failure_of_another():
    slow = attrs.evolve(SETTINGS, rates=(Rate(1, 1800),), limits=Limits(title=50, body=30))
    post = Post(
        lambda now_s, _: DOWN if now_s == HOUR_S else None,
        slow,
        start_ms=NOTED_MS + 2 * DAY_S * 1000,
    )
    post.put(*several(1, 4))
    post.pass_until(3 * HOUR_S)
    assert post.came_of(Outcome.DELIVERED) == [1, 2, 4]
    assert post.came_of(Outcome.UNDELIVERED) == [3]


def test_behind_a_dead_destination_all_that_is_old_is_given_up_with_a_try():
    post = Post(FOR_EVER, attrs.evolve(SETTINGS, digest_over=1000))
    post.put(*several(1, 500))
    post.pass_until(DAY_S + 300)
    assert sorted(post.came_of(Outcome.UNDELIVERED)) == list(range(1, 501))


def test_after_ten_minutes_everything_that_waits_goes_to_the_fallback():
    post = Post(FOR_EVER, WITH_FALLBACK)
    post.put(*several(1, 3))
    post.pass_until(599)
    assert post.came_of(Outcome.PASSED_ON) == []
    post.pass_until(600)
    assert post.came_of(Outcome.PASSED_ON) == [1, 2, 3]
    passed = post.reports[-1]
    assert (passed.passed_to, passed.reason, passed.message.title) == (
        "mail",
        "HTTP 500",
        "BTCUSDT 3",
    )


def test_what_comes_after_that_goes_to_the_fallback_at_once():
    post = Post(FOR_EVER, WITH_FALLBACK)
    post.put(delivery_of(1))
    post.pass_until(600)
    post.put(*several(2, 3))
    post.pass_until(600)
    assert post.came_of(Outcome.PASSED_ON) == [1, 2, 3]


def test_one_is_tried_first_when_a_try_is_due_and_the_others_do_not_wait_for_it():
    post = Post(FOR_EVER, WITH_FALLBACK)
    post.put(delivery_of(1))
    post.pass_until(HOUR_S)
    tries = len(post.sent)
    post.put(*several(2, 3))
    post.pass_until(HOUR_S)
    assert post.came_of(Outcome.PASSED_ON) == [1, 3, 2]
    assert post.sent[tries:] == [(HOUR_S, "BTCUSDT 2")]


def test_a_destination_that_recovers_takes_over_again():
    post = Post(down_until(HOUR_S), WITH_FALLBACK)
    post.put(delivery_of(1))
    post.pass_until(HOUR_S)
    for number in (2, 3):
        post.put(delivery_of(number))
        post.pass_until(HOUR_S + number)
    assert post.came_of(Outcome.PASSED_ON) == [1]
    assert post.came_of(Outcome.DELIVERED) == [2, 3]
    assert [fault.is_open for _, fault in post.faults] == [True, False]


def test_a_destination_is_overdue_for_as_long_as_it_takes_nothing():
    post = Post(down_until(90, DOWN))
    post.put(delivery_of())
    post.pass_until(45)
    assert post.outbox.overdue_s(post.now) == 45
    post.pass_until(100)
    assert post.outbox.overdue_s(post.now) == 0


def test_one_for_which_nothing_waits_is_not_overdue():
    post = Post(FOR_EVER, WITH_FALLBACK)
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    assert post.outbox.overdue_s(post.now) == 0
    post.put(delivery_of(2, Severity.CRITICAL))
    assert post.outbox.overdue_s(post.now) == 0
