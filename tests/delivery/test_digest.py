"""Several alerts in one message: what it says, and that each alert is in exactly one."""

import re
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from alertd.delivery.digest import digest_of
from alertd.delivery.message import Message
from alertd.delivery.services import Limits
from alertd.engine.rule import Severity
from tests.delivery.samples import MESSAGE, TIME_MS

ROOMY = Limits(title=200, body=4000)
HOUR_MS = 3_600_000


def alert(number: int, severity: Severity = Severity.INFO, **keys: Any) -> Message:
    about: dict[str, Any] = {
        "title": f"BTCUSDT close crossed above {number}",
        "number": number,
    } | keys
    return attrs.evolve(MESSAGE, severity=severity, **about)


def test_a_digest_says_of_each_alert_what_happened_when_and_which_it_was():
    digest = digest_of(
        [alert(3, Severity.CRITICAL), alert(1, Severity.WARNING), alert(2)],
        ROOMY,
    )
    assert digest.message.title == "3 alerts (1 critical)"
    assert digest.message.body.splitlines() == [
        "‼ BTCUSDT close crossed above 3 14:30:19 UTC #3",
        "! BTCUSDT close crossed above 1 14:30:19 #1",
        "· BTCUSDT close crossed above 2 14:30:19 #2",
    ]


def test_a_digest_is_as_severe_as_its_worst_and_as_late_as_its_last():
    late = alert(1, time_ms=TIME_MS + 5)
    message = digest_of([late, alert(2, Severity.WARNING)], ROOMY).message
    assert (message.severity, message.time_ms) == (Severity.WARNING, TIME_MS + 5)
    assert (message.rule, message.symbol, message.number) == ("", "", 0)


def test_over_midnight_the_days_are_told():
    late = alert(2, time_ms=TIME_MS + 12 * HOUR_MS)
    first, second = digest_of([alert(1), late], ROOMY).message.body.splitlines()
    assert first.endswith(" 1 05-08 14:30:19 UTC #1")
    assert second.endswith(" 2 05-09 02:30:19 #2")


def test_a_title_that_does_not_name_its_symbol_is_told_with_it():
    body = digest_of([alert(1, title="to the moon"), alert(2)], ROOMY).message.body
    assert body.splitlines()[0] == "· BTCUSDT to the moon 14:30:19 UTC #1"


def test_what_has_neither_symbol_nor_number_is_told_without():
    body = digest_of([alert(0, title="alertd: feed lost", symbol="")], ROOMY).message.body
    assert body == "· alertd: feed lost 14:30:19 UTC"


def test_what_finds_no_room_is_counted_as_still_to_come():
    digest = digest_of([alert(number) for number in range(1, 10)], Limits(title=50, body=100))
    assert digest.count == 2
    assert digest.message.title == "2 alerts, 7 more to come"


def test_a_line_that_is_too_long_by_itself_is_cut_but_keeps_its_time_and_number():
    digest = digest_of([alert(1, title="BTCUSDT " + "x" * 100)], Limits(title=50, body=40))
    assert digest.message.body == "· BTCUSDT xxxxxxxxxxxxx… 14:30:19 UTC #1"
    assert len(digest.message.body) == 40


def test_one_that_goes_before_the_others_is_one_alert():
    assert digest_of([alert(1), alert(2)], Limits(title=50, body=50)).message.title == (
        "1 alert, 1 more to come"
    )


def test_one_that_fills_its_room_to_the_last_character_is_not_cut():
    whole = digest_of([alert(1), alert(2)], ROOMY).message.body
    assert digest_of([alert(1), alert(2)], Limits(title=9, body=len(whole))).message.body == whole
    assert digest_of([alert(1), alert(2)], Limits(title=9, body=len(whole) - 1)).count == 1


def test_573_alerts_make_a_handful_of_messages():
    waiting, sizes = [alert(number) for number in range(573)], []
    while waiting:
        digest = digest_of(waiting, Limits(title=200, body=3800))
        sizes.append(digest.count)
        waiting = waiting[digest.count :]
    assert len(sizes) <= 8


@given(
    st.lists(
        st.builds(
            alert,
            st.integers(0, 10**9),
            st.sampled_from(Severity),
            title=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=200),
            symbol=st.sampled_from(["BTCUSDT", "币安人生USDT", ""]),
            time_ms=st.integers(0, 4 * 10**12),
        ),
        min_size=1,
    ),
    st.integers(1, 60),
    st.integers(1, 500),
)
def test_whatever_the_alerts_and_the_room_every_alert_is_in_exactly_one_message(
    waiting: list[Message], title: int, body: int
):
    while waiting:
        digest = digest_of(waiting, Limits(title=title, body=body))
        lines = digest.message.body.split("\n")
        assert len(digest.message.title) <= title
        assert len(digest.message.body) <= body
        assert len(lines) == digest.count >= 1
        if body > 60:
            numbers = [
                int(re.findall(r" #(\d+)$", line)[0]) for line in lines if " #" in line[-12:]
            ]
            assert numbers == [each.number for each in waiting[: digest.count] if each.number]
        waiting = waiting[digest.count :]
