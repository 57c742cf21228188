"""Outboxes through weather of every kind: what must be so whatever happens."""

from collections import Counter
from datetime import UTC

import attrs
from hypothesis import given
from hypothesis import strategies as st

from alertd.delivery.channel import Quiet
from alertd.delivery.failure import Failure
from alertd.delivery.patience import Patience
from alertd.delivery.report import Outcome
from alertd.delivery.services import Limits
from alertd.delivery.settings import Settings
from alertd.engine.hours import Hours, Span
from alertd.engine.rule import Severity
from alertd.rate import Rate
from tests.delivery.deliveries import delivery_of
from tests.delivery.post import DOWN, REFUSED, SETTINGS, Post, Service, refusing, well

HOUR_S, DAY_S = 3_600, 86_400
FINAL = (Outcome.DELIVERED, Outcome.UNDELIVERED, Outcome.PASSED_ON)
NIGHT = Quiet(Hours(UTC, spans=(Span(22 * 60, 7 * 60),)), allow=Severity.CRITICAL)

SERVICES: tuple[Service, ...] = (
    well,
    lambda *_: DOWN,
    lambda *_: REFUSED,
    lambda *_: Failure("HTTP 429", retry_after_s=17.0),
    lambda now_s, _: DOWN if now_s % 7 < 3 else None,
    lambda now_s, _: REFUSED if now_s % 2 < 1 else None,
)
PASSING = tuple(range(len(SERVICES)))
NEVER_REFUSING = (0, 1, 3, 4)

settings = st.builds(
    attrs.evolve,
    st.just(SETTINGS),
    digest_over=st.integers(1, 10),
    rates=st.sampled_from([(Rate(1, 1), Rate(20, 60)), (Rate(1, 1),), (Rate(5, 2), Rate(30, 60))]),
    limits=st.sampled_from([Limits(200, 4000), Limits(20, 100)]),
    quiet=st.sampled_from([None, NIGHT]),
    fallback=st.sampled_from([None, "mail"]),
)


@attrs.frozen
class Put:
    severities: list[Severity]


@attrs.frozen
class Pass:
    seconds: float


@attrs.frozen
class Weather:
    service: int


@attrs.frozen
class SetClock:
    forward_s: float


Event = Put | Pass | Weather | SetClock


def stories(services: tuple[int, ...]) -> st.SearchStrategy[list[Event]]:
    event: st.SearchStrategy[Event] = st.one_of(
        st.builds(Put, st.lists(st.sampled_from(Severity), max_size=15)),
        st.builds(Pass, st.sampled_from([0.5, 1.0, 5.0, 61.0, 700.0, 2.0 * HOUR_S])),
        st.builds(Weather, st.sampled_from(services)),
        st.builds(SetClock, st.sampled_from([-DAY_S, -10.0, 10.0, 400.0 * DAY_S])),
    )
    return st.lists(event, max_size=25)


def play(
    story: list[Event],
    settings: Settings,
    patience: Patience | None = None,
    *,
    has_pictures: bool = False,
) -> tuple[Post, int]:
    """Play it, and return the post and how many deliveries were put."""
    post, count = Post(settings=settings, patience=patience), 0
    post.has_pictures = has_pictures
    for event in story:
        match event:
            case Put():
                for severity in event.severities:
                    count += 1
                    post.put(delivery_of(count, severity, noted_ms=post.now.ms))
            case Pass():
                post.pass_until(post.s + event.seconds)
            case Weather():
                post.service = SERVICES[event.service]
            case SetClock():
                post.set_clock(forward_s=event.forward_s)
    return post, count


def finals(post: Post) -> Counter[int]:
    return Counter(number for outcome in FINAL for number in post.came_of(outcome))


@given(stories(PASSING), settings)
def test_every_delivery_has_one_last_outcome_or_is_still_there(
    story: list[Event], settings: Settings
):
    post, count = play(story, settings)
    waiting = len(post.outbox)
    post.leave()
    told = finals(post) + Counter(post.came_of(Outcome.LEFT))
    assert told == Counter(range(1, count + 1))
    assert len(post.came_of(Outcome.LEFT)) == waiting


@given(stories(PASSING), settings)
def test_when_the_service_is_well_nothing_waits_for_long(story: list[Event], settings: Settings):
    post, _ = play(story, settings)
    post.service = well
    # The longest that keeps anything from it: quiet hours, a night of them after the clock was set.
    post.pass_until(post.s + DAY_S)
    assert len(post.outbox) == 0


@given(story=stories(PASSING), settings=settings, has_pictures=st.booleans())
def test_no_rate_is_ever_broken(story: list[Event], settings: Settings, *, has_pictures: bool):
    post, _ = play(story, settings, has_pictures=has_pictures)
    for rate in settings.rates:
        times = [at for at, parcel in post.parcels for _ in range(parcel.requests)]
        times = sorted([*times, *post.pictures])
        single = all(parcel.requests == 1 for _, parcel in post.parcels)
        pairs = zip(times, times[rate.times :], strict=False)
        assert not single or all(later >= earlier + rate.seconds for earlier, later in pairs)


@given(stories(NEVER_REFUSING), settings)
def test_where_nothing_is_refused_order_is_kept_within_a_severity(
    story: list[Event], settings: Settings
):
    post, _ = play(story, attrs.evolve(settings, fallback=None))
    for severity in Severity:
        numbers = [
            delivery.number
            for report in post.reports
            if report.outcome is Outcome.DELIVERED
            for delivery in report.deliveries
            if delivery.message.severity is severity
        ]
        assert numbers == sorted(numbers)


@given(stories(NEVER_REFUSING), settings)
def test_nothing_is_lost_where_nothing_is_refused_and_no_outage_lasts_a_day(
    story: list[Event], settings: Settings
):
    outages = sum(event.seconds for event in story if isinstance(event, Pass))
    post, count = play(story, attrs.evolve(settings, fallback=None))
    post.service = well
    post.pass_until(post.s + DAY_S)
    lost = post.came_of(Outcome.UNDELIVERED)
    assert outages > DAY_S or (lost == [] and len(post.came_of(Outcome.DELIVERED)) == count)


@given(stories(PASSING), settings)
def test_a_fault_is_over_when_something_is_taken_and_no_sooner(
    story: list[Event], settings: Settings
):
    post, _ = play(story, settings)
    is_open = False
    for _, fault in post.faults:
        assert fault.is_open or is_open
        is_open = fault.is_open
    if post.reports and post.reports[-1].outcome is Outcome.DELIVERED:
        assert not is_open


@given(stories(PASSING), settings, st.integers(1, 5))
def test_a_bound_is_kept_and_the_most_severe_are_the_last_to_go(
    story: list[Event], settings: Settings, bound: int
):
    post, count = play(story, settings, patience=Patience(queue=bound))
    assert len(post.outbox) <= bound
    post.leave()
    assert (finals(post) + Counter(post.came_of(Outcome.LEFT))).total() == count


@given(st.lists(st.integers(1, 60), unique=True, max_size=4), st.integers(1, 60))
def test_only_messages_that_are_refused_are_given_up_where_others_are_taken(
    bad: list[int], count: int
):
    post = Post(refusing(*bad))
    post.put(*(delivery_of(number) for number in range(1, count + 1)))
    post.pass_until(12 * HOUR_S)
    good = [number for number in range(1, count + 1) if number not in bad]
    assert sorted(post.came_of(Outcome.DELIVERED)) == good
    assert set(post.came_of(Outcome.UNDELIVERED)) <= set(bad)
