from datetime import UTC, datetime

import pytest

from alertd.delivery.answers import Answer
from alertd.delivery.retry_after import retry_after_s

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def asked_by(header: str) -> float | None:
    return retry_after_s(Answer(429, {"Retry-After": header}), NOW)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 12:01:30 -0000", 90.0),  # a date that does not know its zone
        ("Sun, 01 Mar 2026 13:01:30 +0100", 90.0),
    ],
)
def test_it_is_said_in_seconds_or_as_a_date(header: str, seconds: float) -> None:
    assert asked_by(header) == seconds


@pytest.mark.parametrize("header", ["864000", "inf", "1e300", "Sun, 01 Mar 2037 12:00:00 GMT"])
def test_nobody_is_waited_for_longer_than_a_day(header: str) -> None:
    assert asked_by(header) == 86_400.0


@pytest.mark.parametrize(
    "header",
    [
        "",
        "0",
        "-5",
        "nan",
        "soon",
        "Sun, 01 Mar 2026 11:59:00 GMT",
        "Sun, 99 Mar 2026",
        f"Sun, 01 Mar 2{'0' * 20} 12:00:00 GMT",
        f"Sun, 01 Mar 2027 12:00:00 +{'9' * 20}",
    ],
)
def test_what_is_no_time_to_come_is_not_asked_for(header: str) -> None:
    assert asked_by(header) is None


def test_an_answer_without_it_asks_for_nothing() -> None:
    assert retry_after_s(Answer(500), NOW) is None


def test_telegram_says_it_in_the_body() -> None:
    body = '{"ok": false, "error_code": 429, "parameters": {"retry_after": 23}}'
    assert retry_after_s(Answer(429, body=body), NOW) == 23.0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"parameters": []}',
        '{"parameters": {"retry_after": null}}',
        "23",
        "[" * 4000,  # deeper than Python goes
    ],
)
def test_a_body_that_says_nothing_of_it_asks_for_nothing(body: str) -> None:
    assert retry_after_s(Answer(429, body=body), NOW) is None


def test_discords_own_header_is_the_exact_one() -> None:
    headers = {"Retry-After": "1337", "X-RateLimit-Reset-After": "1.337"}
    assert retry_after_s(Answer(429, headers), NOW) == 1.337
