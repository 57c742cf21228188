"""The messages that there would have been: the channels' own digests, rates and quiet hours."""

from collections.abc import Sequence
from datetime import UTC

import attrs
import msgspec
import pytest
from apprise.plugins.telegram import NotifyTelegram
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from alertd.delivery.channel import Channel, Quiet
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.message import Message
from alertd.delivery.report import Fault
from alertd.engine.hours import Hours, Span
from alertd.engine.rule import Rule, Severity
from alertd.rate import Rate
from alertd.replay.addressees import settings_of
from alertd.replay.periods import Hour
from alertd.replay.post import Post, Sent
from alertd.replay.replayed import Replayed
from alertd.replay.summary import summarize
from tests.delivery.deliveries import send
from tests.delivery.flying import flying
from tests.delivery.receivers import Received
from tests.delivery.telegram import URL, telegram
from tests.delivery.test_flood import SYMBOLS, Reports, fall
from tests.replay.alerts import HOUR_MS, START_MS, alert, rule, span

PHONE = Channel("phone", ("json://127.0.0.1:9/",))
RULES = [rule(notify=["phone"])]


def sent(
    alerts: Sequence[Replayed], channel: Channel = PHONE, rules: Sequence[Rule] = RULES
) -> Sent:
    """What the only destination would have been sent."""
    post = Post(rules, [channel])
    for each in alerts:
        post.take(each)
    (only,) = post.finish()
    return only


def at_once(count: int) -> list[Replayed]:
    return [alert(0, symbol=f"S{number}USDT") for number in range(count)]


def test_few_alerts_are_a_message_each():
    found = sent([alert(0), alert(5), alert(10)])
    assert (found.alerts, found.messages, found.digests, found.merged) == (3, 3, 0, 0)


def test_a_flood_is_merged():
    found = sent(at_once(100))
    assert (found.alerts, found.messages, found.digests, found.merged) == (100, 1, 1, 100)


def test_as_many_as_the_channel_bears_are_not():
    roomy = attrs.evolve(PHONE, digest_over=100, rate=Rate(1000, 1))
    found = sent(at_once(100), roomy)
    assert (found.messages, found.digests) == (100, 0)


def test_what_comes_while_a_digest_gathers_is_in_the_next_one():
    later = [alert(2 / 60, symbol=f"T{number}USDT") for number in range(10)]
    found = sent([*at_once(10), *later])
    assert (found.messages, found.digests, found.merged) == (2, 2, 20)


def test_the_channels_rate_is_kept():
    slow = attrs.evolve(PHONE, rate=Rate(1, 3600))
    found = sent([alert(minute) for minute in range(120)], slow)
    # One at once, and then what has come in each hour.
    assert (found.messages, found.digests, found.merged) == (3, 2, 119)


def test_quiet_hours_hold_what_is_less_than_critical():
    quiet = Quiet(Hours(UTC, spans=(Span(0, 8 * 60),)))
    channel = attrs.evolve(PHONE, quiet=quiet)
    night = [alert(60), alert(120, severity="critical"), alert(180)]
    found = sent([*night, alert(9 * 60)], channel)
    assert (found.messages, found.digests, found.merged) == (3, 1, 2)
    assert sent(night[:1], channel).noisiest == Hour(START_MS + 8 * HOUR_MS, 1)


def test_quiet_hours_that_never_end_hold_for_ever():
    quiet = Quiet(Hours(UTC), allow=Severity.CRITICAL)
    found = sent([alert(60), alert(61)], attrs.evolve(PHONE, quiet=quiet))
    assert (found.alerts, found.messages, found.held) == (2, 0, 2)


def test_alerts_below_the_least_severity_are_not_for_it():
    found = sent(
        [alert(0), alert(1, severity="warning"), alert(2, severity="critical")],
        attrs.evolve(PHONE, min_severity=Severity.WARNING),
    )
    assert (found.alerts, found.unwanted, found.messages) == (2, 1, 2)


def test_what_is_too_much_to_wait_is_given_up():
    assert sent(at_once(10_100)).given_up == 100


def test_the_noisiest_hour_is_that_with_the_most_messages():
    assert sent([alert(it) for it in (10, 59, 61, 70, 80, 200)]).noisiest == Hour(
        START_MS + HOUR_MS, 3
    )


def test_a_message_that_is_cut_into_pieces_is_so_many():
    long = msgspec.structs.replace(alert(0), body="x" * 5000)
    assert sent([long], Channel("phone", (URL,))).messages == 3  # a title and two pieces


def test_a_channel_with_two_urls_is_two_destinations():
    channel = Channel("both", (URL, "json://127.0.0.1:9/", URL))
    post = Post([rule(notify=["both"])], [channel])
    post.take(alert(0))
    assert [(it.label, it.channel, it.messages) for it in post.finish()] == [
        ("both: Telegram", "both", 1),
        ("both: JSON", "both", 1),
    ]


def test_each_rule_speaks_to_its_own_channels():
    channels = [Channel("a", ("json://127.0.0.1:9/a",)), Channel("b", ("json://127.0.0.1:9/b",))]
    post = Post([rule("up", notify=["a", "b"]), rule("down", notify=["b"])], channels)
    for each in (alert(0, "up"), alert(5, "down"), alert(10, "down")):
        post.take(each)
    first, second = post.finish()
    assert (first.messages, dict(first.by_rule)) == (1, {"up": 1})
    assert (second.messages, dict(second.by_rule)) == (3, {"up": 1, "down": 2})


def test_a_digest_counts_once_for_each_of_its_rules():
    rules = [rule("up", notify=["phone"]), rule("down", notify=["phone"])]
    several = [alert(0, name, f"S{it}USDT") for it in range(5) for name in ("up", "down")]
    assert dict(sent(several, rules=rules).by_rule) == {"up": 1, "down": 1}


def test_a_channel_that_a_rule_names_twice_is_told_once():
    assert sent([alert(0)], rules=[rule(notify=["phone", "phone"])]).alerts == 1


def test_messages_are_counted_by_channel():
    rules = [rule("up", notify=["both"]), rule("down", notify=["both", "phone"])]
    both = Channel("both", (URL, "json://127.0.0.1:9/"))
    alerts = [alert(0, "up"), alert(9, "down")]
    found = summarize(alerts, rules, [span()], [both, PHONE])
    assert dict(found.messages("up")) == {"both": 2}
    assert dict(found.messages("down")) == {"both": 2, "phone": 1}
    assert dict(found.messages()) == {"both": 4, "phone": 1}


def test_a_channel_that_no_rule_names_is_sent_nothing():
    assert Post([rule()], [PHONE]).finish() == ()


@pytest.mark.parametrize(
    ("url", "label", "rates"),
    [
        ("tgram://${TOKEN}/${CHAT}", "phone: Telegram", (Rate(1, 1), Rate(20, 60))),
        ("SLACK://${A}/${B}/${C}", "phone: Slack", (Rate(1, 1), Rate(60, 60))),
        ("${EVERYTHING}", "phone", (Rate(1, 1), Rate(60, 60))),
    ],
)
def test_a_url_whose_secrets_are_missing_is_known_by_how_it_begins(
    url: str, label: str, rates: tuple[Rate, ...]
):
    (found,) = settings_of(Channel("phone", (url,)))
    assert (found.label, found.rates) == (label, rates)


def test_urls_whose_secrets_are_missing_are_as_many_destinations_told_apart():
    found = settings_of(Channel("phone", ("tgram://${A}", "tgram://${B}", "slack://${C}")))
    labels = ["phone: Telegram", "phone: Telegram 2", "phone: Slack"]
    assert [it.label for it in found] == labels
    assert len({it.key for it in found}) == 3


def test_the_limits_of_a_service_are_known_without_its_secrets():
    (found,), (opened,) = (settings_of(Channel("it", (url,))) for url in ("tgram://${A}", URL))
    assert found.limits == opened.limits


def test_what_a_channel_wants_is_kept_without_its_secrets():
    (found,) = settings_of(Channel("it", ("tgram://${A}",), rate=Rate(5, 60), digest_over=9))
    assert (found.rates, found.digest_over) == ((Rate(1, 1), Rate(5, 60)), 9)


def test_a_channel_that_is_not_configured_is_one_destination():
    post = Post([rule(notify=["somebody"])], [])
    post.take(alert(0))
    (only,) = post.finish()
    assert (only.label, only.messages) == ("somebody", 1)


async def test_it_is_what_a_real_chat_would_have_been_sent(
    mock_clock: MockClock, monkeypatch: pytest.MonkeyPatch
):
    """A market that falls at once: by the dispatcher and over HTTP, and by the replay's outboxes."""
    deliveries = [fall(number) for number in range(1, SYMBOLS + 1)]
    reports = Reports()
    with telegram(mock_clock.current_time) as chat:
        monkeypatch.setattr(NotifyTelegram, "notify_url", chat.address)
        channel = Channel("phone", (URL,))
        dispatcher = Dispatcher([channel], report=reports.add, on_fault=Received[Fault]().add)
        for delivery in deliveries:
            send(dispatcher, delivery, "phone")
        async with flying(mock_clock, dispatcher):
            await reports.done.wait()
    found = sent([_replayed(delivery.message) for delivery in deliveries], channel)
    assert found.messages == len(chat.texts)
    assert (found.alerts, found.merged) == (SYMBOLS, SYMBOLS)


def _replayed(message: Message) -> Replayed:
    return msgspec.structs.replace(
        alert(0, symbol=message.symbol, severity=message.severity.value),
        title=message.title,
        body=message.body,
    )


@given(st.lists(st.integers(0, 3000), max_size=60), st.integers(0, 10))
def test_every_alert_is_in_a_message_or_accounted_for(seconds: list[int], digest_over: int):
    channel = attrs.evolve(PHONE, digest_over=digest_over, rate=Rate(5, 60))
    found = sent([alert(second / 60) for second in sorted(seconds)], channel)
    singles = found.messages - found.digests
    assert singles + found.merged + found.given_up + found.held == len(seconds)
