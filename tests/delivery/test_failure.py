"""What plug-ins log is quoted from Apprise 2.2."""

import pytest

from alertd.delivery.failure import failure_of


@pytest.mark.parametrize(
    ("warning", "reason", "is_final"),
    [
        (
            "Failed to send JSON POST notification: Unauthorized - Invalid Token., error=401.",
            "HTTP 401: Unauthorized - Invalid Token",
            True,
        ),
        (
            "Failed to send Telegram notification to 987: Bad Request: chat not found, error=400.",
            "HTTP 400: Bad Request: chat not found",
            True,
        ),
        ("Failed to send JSON POST notification: error=418.", "HTTP 418", True),
        (
            "Failed to send Telegram notification to 987: Too Many Requests, error=429.",
            "HTTP 429: Too Many Requests",
            False,
        ),
        (
            "Failed to send JSON POST notification: Internal Server Error., error=500.",
            "HTTP 500: Internal Server Error",
            False,
        ),
    ],
)
def test_a_4xx_is_final_but_too_many_and_5xx_are_not(
    warning: str, reason: str, *, is_final: bool
) -> None:
    failure = failure_of([warning], [])
    assert (failure.reason, failure.is_final) == (reason, is_final)


@pytest.mark.parametrize(
    ("reply", "reason", "is_final"),
    [
        ("(535, b'5.7.8 bad credentials')", "SMTP 535: 5.7.8 bad credentials", True),
        ("{'me@x': (550, b\"no 'me' here\")}", "SMTP 550: no 'me' here", True),
        ("(421, b'try later')", "SMTP 421: try later", False),
    ],
)
def test_smtp_tells_permanent_from_transient_by_its_first_digit(
    reply: str, reason: str, *, is_final: bool
) -> None:
    failure = failure_of(["Sending email failed."], [f"Socket Exception: {reply}"])
    assert (failure.reason, failure.is_final) == (reason, is_final)


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        (
            "HTTPConnectionPool(host='x', port=1): Read timed out. (read timeout=4.0)",
            "no answer in time",
        ),
        ("[Errno 111] Connection refused", "connection refused"),
        ("Failed to resolve 'x' ([Errno -2] Name or service not known)", "host name not found"),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer",
            "its TLS certificate is not trusted",
        ),
        ("('Connection aborted.', RemoteDisconnected('closed'))", "connection cut"),
        ("something new", "something new"),
    ],
)
def test_the_cause_of_a_lost_connection_is_said_in_plain_words(exception: str, reason: str) -> None:
    failure = failure_of(["A Connection error occurred."], [f"Socket Exception: {exception}"])
    assert (failure.reason, failure.is_final) == (reason, False)


def test_a_status_in_the_message_that_was_being_sent_is_not_believed() -> None:
    details = ["JSON Payload: {'message': 'error=404'}", "Socket Exception: timed out"]
    assert failure_of(["A Connection error occurred."], details).reason == "no answer in time"


def test_what_is_not_understood_is_quoted_and_may_be_tried_again() -> None:
    failure = failure_of(["Some plug-in gave up."], [])
    assert (failure.reason, failure.is_final) == ("Some plug-in gave up", False)


def test_a_plugin_that_says_nothing_has_no_reason() -> None:
    assert failure_of([], []).reason == "the service gave no reason"
