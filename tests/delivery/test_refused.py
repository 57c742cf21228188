"""A destination that says no, and a message that is refused: whose fault is it? Exact times."""

import attrs

from alertd.delivery.failure import Failure
from alertd.delivery.report import Outcome
from alertd.delivery.services import Limits
from tests.delivery.deliveries import NOTED_MS, delivery_of
from tests.delivery.post import DOWN, REFUSED, SETTINGS, Post, down_until, refusing

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
REFUSING = down_until(1e12, REFUSED)
WITH_FALLBACK = attrs.evolve(SETTINGS, fallback="mail")


def several(first: int, last: int):
    return [delivery_of(number) for number in range(first, last + 1)]


def test_a_refusal_is_told_at_once():
    post = Post(REFUSING)
    post.put(delivery_of())
    post.pass_until(0)
    ((at, fault),) = post.faults
    assert (at, fault.is_open, fault.is_refused) == (0, True, True)
    assert fault.reason == "HTTP 401: the bot token is wrong"


def test_one_that_refuses_is_probed_ever_more_seldom():
    post = Post(REFUSING)
    post.put(delivery_of())
    post.pass_until(5 * HOUR_S)
    minutes = [at / MINUTE_S for at in post.times()]
    assert minutes == [0, 5, 15, 35, 75, 135, 195, 255]
    assert len(post.faults) == 1


def test_another_message_is_tried_at_once_and_then_both_wait_for_the_probe():
    post = Post(REFUSING)
    post.put(*several(1, 3))
    post.pass_until(10 * MINUTE_S)
    assert post.sent == [(0, "BTCUSDT 1"), (1, "BTCUSDT 2"), (301, "BTCUSDT 3")]


def test_another_message_that_comes_later_is_tried_at_once_too_but_only_the_first():
    post = Post(REFUSING)
    post.put(delivery_of(1))
    post.pass_until(20)
    post.put(delivery_of(2))
    post.pass_until(40)
    post.put(delivery_of(3))
    post.pass_until(60)
    assert post.times() == [0, 20]


def test_a_success_closes_the_fault_and_what_was_refused_goes_too():
    post = Post(down_until(10 * MINUTE_S, REFUSED))
    post.put(*several(1, 3))
    post.pass_until(HOUR_S)
    assert sorted(post.came_of(Outcome.DELIVERED)) == [1, 2, 3]
    assert [(fault.is_open, fault.is_refused) for _, fault in post.faults] == [
        (True, True),
        (False, True),
    ]
    assert len(post.outbox) == 0


def test_a_message_that_is_refused_twice_while_others_are_taken_is_given_up():
    post = Post(refusing(1))
    post.put(*several(1, 3))
    post.pass_until(10)
    assert post.came_of(Outcome.UNDELIVERED) == [1]
    assert post.came_of(Outcome.DELIVERED) == [2, 3]
    assert [fault.is_open for _, fault in post.faults] == [True, False]


def test_each_message_that_is_refused_twice_while_others_are_taken_is_given_up():
    post = Post(refusing(1, 4))
    post.put(*several(1, 3))
    post.pass_until(20)
    post.put(*several(4, 6))
    post.pass_until(40)
    assert post.came_of(Outcome.UNDELIVERED) == [1, 4]
    assert post.came_of(Outcome.DELIVERED) == [2, 3, 5, 6]


def test_no_message_is_given_up_for_a_destination_that_refuses_all():
    post = Post(REFUSING)
    post.put(*several(1, 3))
    post.pass_until(DAY_S - 1)
    assert post.came_of(Outcome.UNDELIVERED) == []


def test_what_waits_for_a_destination_that_refuses_is_given_up_after_a_day():
    post = Post(REFUSING)
    post.put(*several(1, 20))
    post.pass_until(DAY_S + HOUR_S)
    assert post.came_of(Outcome.UNDELIVERED) == list(range(1, 21))


def test_a_destination_that_breaks_again_costs_one_message_at_most():
    down = [True, True, False, True]
    post = Post(lambda *_: REFUSED if (down.pop(0) if down else True) else None)
    post.put(*several(1, 4))
    post.pass_until(HOUR_S)
    assert post.came_of(Outcome.DELIVERED) == [3]
    assert post.came_of(Outcome.UNDELIVERED) == [1]
    assert len(post.outbox) == 2


def test_no_message_is_given_up_while_the_destination_refuses_others_as_well():
    answers = [REFUSED, None]
    post = Post(lambda *_: answers.pop(0) if answers else REFUSED)
    post.put(*several(2, 3))
    post.pass_until(1.5)
    post.put(delivery_of(1))
    post.pass_until(5 * HOUR_S)
    assert post.came_of(Outcome.DELIVERED) == [3]
    assert post.came_of(Outcome.UNDELIVERED) == []


def test_after_a_refused_digest_one_of_it_is_tried_alone_at_once():
    post = Post(refusing(37))
    post.put(*several(1, 57))
    post.pass_until(1)
    assert post.sent == [(0, "57 alerts"), (1, "BTCUSDT 1")]


def test_what_was_refused_as_a_digest_takes_no_other_with_it():
    post = Post(refusing(37))
    post.put(*several(1, 57))
    post.pass_until(1.5)
    post.put(*several(58, 80))
    post.pass_until(10 * MINUTE_S)
    assert post.came_of(Outcome.UNDELIVERED) == [37]
    assert len(post.came_of(Outcome.DELIVERED)) == 79
    assert [fault.is_open for _, fault in post.faults] == [True, False]


def test_the_one_line_that_makes_a_digest_refused_is_found_by_halves():
    post = Post(refusing(37))
    post.put(*several(1, 57))
    post.pass_until(10 * MINUTE_S)
    assert post.came_of(Outcome.UNDELIVERED) == [37]
    delivered = post.came_of(Outcome.DELIVERED)
    assert sorted(delivered) == [*range(1, 37), *range(38, 58)]
    assert len(delivered) == 56
    assert len(post.sent) < 25
    assert [fault.is_open for _, fault in post.faults] == [True, False]


def test_a_refused_digest_goes_as_a_digest_once_the_destination_takes_messages_again():
    post = Post(down_until(MINUTE_S, REFUSED))
    post.put(*several(1, 57))
    post.pass_until(HOUR_S)
    assert sorted(post.came_of(Outcome.DELIVERED)) == list(range(1, 58))
    assert len(post.sent) < 10


def test_with_a_fallback_what_is_refused_is_passed_on_at_once():
    post = Post(REFUSING, WITH_FALLBACK)
    post.put(delivery_of(1))
    post.pass_until(0)
    assert post.came_of(Outcome.PASSED_ON) == [1]
    assert post.reports[0].passed_to == "mail"
    assert len(post.faults) == 1


def test_with_a_fallback_all_is_passed_on_after_another_was_refused_too():
    post = Post(REFUSING, WITH_FALLBACK)
    post.put(*several(1, 4))
    post.pass_until(0)
    assert post.came_of(Outcome.PASSED_ON) == [1]
    post.pass_until(1)
    assert post.came_of(Outcome.PASSED_ON) == [1, 2, 3, 4]
    post.put(delivery_of(5))
    post.pass_until(2)
    assert post.came_of(Outcome.PASSED_ON) == [1, 2, 3, 4, 5]
    assert post.times() == [0, 1]


def test_with_a_fallback_only_the_message_that_is_refused_goes_there():
    post = Post(refusing(1), WITH_FALLBACK)
    post.put(*several(1, 4))
    post.pass_until(60)
    assert post.came_of(Outcome.PASSED_ON) == [1]
    assert post.came_of(Outcome.DELIVERED) == [2, 3, 4]


def test_with_a_fallback_the_first_that_comes_when_a_probe_is_due_is_tried():
    post = Post(REFUSING, WITH_FALLBACK)
    post.put(*several(1, 2))
    post.pass_until(10 * MINUTE_S)
    post.service = down_until(0)
    post.put(*several(3, 4))
    post.pass_until(11 * MINUTE_S)
    assert post.came_of(Outcome.PASSED_ON) == [1, 2, 4]
    assert post.came_of(Outcome.DELIVERED) == [3]
    post.put(delivery_of(5))
    post.pass_until(12 * MINUTE_S)
    assert post.came_of(Outcome.DELIVERED) == [3, 5]
    assert [fault.is_open for _, fault in post.faults] == [True, False]


def test_a_probe_that_fails_in_another_way_is_passed_on_as_well():
    post = Post(REFUSING, WITH_FALLBACK)
    post.put(*several(1, 2))
    post.pass_until(10 * MINUTE_S)
    post.service = down_until(1e12, DOWN)
    post.put(delivery_of(3))
    post.pass_until(10 * MINUTE_S)
    assert post.came_of(Outcome.PASSED_ON) == [1, 2, 3]
    assert len(post.faults) == 1


def test_what_failed_for_long_and_is_refused_then_is_told_again():
    post = Post(lambda now_s, _: DOWN if now_s < 120 else REFUSED)
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    assert [(fault.is_open, fault.is_refused) for _, fault in post.faults] == [
        (True, False),
        (True, True),
    ]


def test_an_old_delivery_is_not_given_up_by_one_refusal():
    post = Post(down_until(1, REFUSED), start_ms=NOTED_MS + 30 * DAY_S * 1000)
    post.put(delivery_of())
    post.pass_until(HOUR_S)
    assert post.came_of(Outcome.DELIVERED) == [1]


def test_a_probe_is_a_single_message_even_where_a_digest_has_little_room():
    post = Post(REFUSING, attrs.evolve(SETTINGS, limits=Limits(title=20, body=60)))
    post.put(*several(1, 20))
    post.pass_until(HOUR_S)
    assert all(len(parcel.several) == 1 for _, parcel in post.parcels[1:])


def test_a_refusal_may_name_its_time_as_well():
    post = Post(down_until(1, Failure("HTTP 403", is_final=True, retry_after_s=42.0)))
    post.put(delivery_of())
    post.pass_until(MINUTE_S)
    assert post.times() == [0, 42]
