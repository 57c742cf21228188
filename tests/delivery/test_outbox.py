"""What goes next, and when, where the service is well: order, rates, digests. Exact times."""

import attrs
import pytest

from alertd.delivery.patience import Patience
from alertd.delivery.report import Outcome
from alertd.delivery.services import Limits
from alertd.engine.rule import Severity
from alertd.rate import Rate
from tests.delivery.deliveries import delivery_of
from tests.delivery.post import SETTINGS, Post, down_until, numbers_in

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


def several(first: int, last: int, severity: Severity = INFO):
    return [delivery_of(number, severity) for number in range(first, last + 1)]


def test_a_few_go_one_by_one_in_order_as_fast_as_the_service_bears():
    post = Post()
    post.put(delivery_of(2), delivery_of(1), delivery_of(3, CRITICAL))
    post.pass_until(60)
    assert post.sent == [(0, "BTCUSDT 1"), (1, "BTCUSDT 2"), (2, "BTCUSDT 3")]


def test_what_comes_later_has_its_turn_by_its_number():
    post = Post()
    post.put(*several(2, 4))
    post.pass_until(0)
    post.put(delivery_of(1))
    post.pass_until(60)
    assert post.came_of(Outcome.DELIVERED) == [2, 1, 3, 4]


def test_more_than_a_few_go_as_one_digest_the_most_severe_first():
    post = Post()
    post.put(*several(1, 4), delivery_of(5, WARNING), delivery_of(6, CRITICAL))
    post.pass_until(60)
    assert post.sent == [(0, "6 alerts (1 critical)")]
    assert post.came_of(Outcome.DELIVERED) == [6, 5, 1, 2, 3, 4]


def test_as_many_as_a_channel_takes_one_by_one_do_not_go_as_a_digest():
    post = Post()
    post.put(*several(1, 5))
    post.pass_until(60)
    assert post.times() == [0, 1, 2, 3, 4]


def test_a_digest_is_one_report_of_all_its_deliveries():
    post = Post()
    post.put(*several(1, 6))
    post.pass_until(60)
    (report,) = post.reports
    assert report.message.title == "6 alerts"
    assert [each.attempts for each in report.deliveries] == [1] * 6
    assert (report.key, report.destination) == ("phone/1", "phone: Telegram")


def test_a_digest_took_as_long_as_the_oldest_of_it():
    post = Post(down_until(5))
    post.put(*several(1, 3))
    post.pass_until(3)
    post.put(*several(4, 6))
    post.pass_until(60)
    assert (post.sent[-1][1], post.reports[-1].latency_s) == ("6 alerts", 8)


def test_a_few_that_would_have_to_wait_for_long_go_as_one_digest():
    post = Post(settings=attrs.evolve(SETTINGS, rates=(Rate(2, 60),)))
    post.put(*several(1, 3))
    post.pass_until(120)
    assert post.sent == [(0, "3 alerts")]


def test_a_few_go_one_by_one_where_the_last_has_to_wait_ten_seconds():
    post = Post(settings=attrs.evolve(SETTINGS, rates=(Rate(1, 5),)))
    post.put(*several(1, 3))
    post.pass_until(120)
    assert post.times() == [0, 5, 10]


def test_after_a_digest_what_comes_gathers_for_ten_seconds():
    post = Post()
    post.put(*several(1, 6))
    post.pass_until(1)
    post.put(delivery_of(7))
    post.pass_until(60)
    assert post.sent == [(0, "6 alerts"), (10, "BTCUSDT 7")]


def test_a_critical_alert_waits_for_the_end_of_the_gathering_for_three_seconds_only():
    post = Post()
    post.put(*several(1, 6))
    post.pass_until(1)
    post.put(delivery_of(7), delivery_of(8, CRITICAL))
    post.pass_until(60)
    assert post.sent == [(0, "6 alerts"), (3, "BTCUSDT 7"), (4, "BTCUSDT 8")]


def test_what_finds_no_room_in_a_digest_goes_in_the_next_as_soon_as_it_may():
    post = Post(settings=attrs.evolve(SETTINGS, limits=Limits(title=50, body=80)))
    post.put(*several(1, 4), *several(5, 7, CRITICAL))
    post.pass_until(1.5)
    assert post.sent == [(0, "3 alerts (3 critical), 4 more to come"), (1, "BTCUSDT 1")]
    post.pass_until(60)
    assert post.came_of(Outcome.DELIVERED) == [5, 6, 7, 1, 2, 3, 4]


def test_a_long_message_counts_as_the_several_that_the_service_makes_of_it():
    post = Post(settings=attrs.evolve(SETTINGS, limits=Limits(title=50, body=10)))
    long = delivery_of(1)
    body = "x" * 25
    post.put(attrs.evolve(long, message=attrs.evolve(long.message, body=body)))
    post.pass_until(0)
    assert post.parcels[0][1].requests == 4


def test_a_title_that_is_too_long_makes_no_second_message():
    post = Post(settings=attrs.evolve(SETTINGS, limits=Limits(title=20, body=1000)))
    post.put(delivery_of(1, title="BTCUSDT " + "x" * 50))
    post.pass_until(0)
    assert post.parcels[0][1].requests == 1


def test_a_title_too_long_for_its_place_and_for_the_text_counts_as_the_pieces_of_both():
    post = Post(settings=attrs.evolve(SETTINGS, limits=Limits(title=20, body=100)))
    long = delivery_of(1, title="x" * 50)
    post.put(attrs.evolve(long, message=attrs.evolve(long.message, body="y" * 60)))
    post.pass_until(0)
    assert post.parcels[0][1].requests == 3


def test_five_minutes_of_critical_alerts_a_second_apart_wait_for_twelve_seconds_at_most():
    post = Post()
    for second in range(300):
        post.pass_until(second)
        post.put(delivery_of(second, CRITICAL))
    post.pass_until(400)
    assert len(post.came_of(Outcome.DELIVERED)) == 300
    assert max(report.latency_s for report in post.reports) <= 12


def test_when_messages_are_scarce_even_two_go_as_one():
    post = Post()
    for second in range(11):
        post.pass_until(second)
        post.put(delivery_of(second))
    post.pass_until(11)
    post.put(*several(11, 12))
    post.pass_until(60)
    assert post.sent[-2:] == [(10, "BTCUSDT 10"), (16, "2 alerts")]


def test_where_too_many_wait_the_oldest_of_the_least_severe_is_given_up():
    post = Post(down_until(10), patience=Patience(queue=3))
    post.put(delivery_of(1, WARNING), delivery_of(2), delivery_of(3), delivery_of(4, CRITICAL))
    (lost,) = post.reports
    assert (lost.outcome, lost.deliveries[0].number, lost.attempt) == (Outcome.UNDELIVERED, 2, 0)
    assert lost.reason == "3 newer or more severe alerts were waiting"
    post.pass_until(60)
    assert post.came_of(Outcome.DELIVERED) == [1, 3, 4]


def test_a_report_counts_the_attempts_of_earlier_processes():
    post = Post()
    post.put(delivery_of(1, attempts=3))
    post.pass_until(0)
    assert (post.reports[0].attempt, post.reports[0].deliveries[0].attempts) == (4, 4)


def test_what_is_left_is_told_one_by_one_in_order():
    post = Post(down_until(100))
    post.put(*several(1, 3))
    post.pass_until(0)
    post.leave()
    left = post.reports[1:]
    assert [(it.outcome, it.deliveries[0].number) for it in left] == [
        (Outcome.LEFT, 1),
        (Outcome.LEFT, 2),
        (Outcome.LEFT, 3),
    ]
    assert len(post.outbox) == 0


def test_what_is_being_sent_is_left_too():
    post = Post()
    post.put(*several(1, 2))
    assert post.outbox.next(post.now).parcel is not None
    assert len(post.outbox) == 2
    post.leave()
    assert post.came_of(Outcome.LEFT) == [1, 2]
    assert len(post.outbox) == 0


def test_nothing_can_have_finished_that_was_not_sent():
    post = Post()
    with pytest.raises(RuntimeError):
        post.outbox.finished(None, post.now, draw=0.5)


def test_other_rates_count_what_was_sent_before():
    post = Post()
    post.put(delivery_of(1))
    post.pass_until(0)
    post.outbox.adopt(attrs.evolve(SETTINGS, rates=(Rate(1, 8),)))
    post.put(delivery_of(2))
    post.pass_until(60)
    assert post.times() == [0, 8]


def test_a_parcel_has_all_that_its_message_tells_of():
    post = Post()
    post.put(*several(1, 9))
    post.pass_until(0)
    ((_, parcel),) = post.parcels
    assert numbers_in(parcel) == list(range(1, 10))
    assert all(f"#{number}" in parcel.message.body for number in range(1, 10))
