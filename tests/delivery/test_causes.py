"""What plug-ins log is quoted from Apprise 2.2, what servers say from Gmail, Postfix and Exim."""

import pytest

from alertd.delivery.causes import cause_in, reply_in
from alertd.delivery.failure import Failure


@pytest.mark.parametrize(
    ("reply", "reason", "is_final"),
    [
        (
            "(535, b'5.7.8 bad credentials')",
            "the user name or the password is wrong (SMTP 535: 5.7.8 bad credentials)",
            True,
        ),
        (
            "(534, b'5.7.9 Application-specific password required.\\nLearn more')",
            (
                "it wants an app password, and not the account's own "
                "(SMTP 534: 5.7.9 Application-specific password required. Learn more)"
            ),
            True,
        ),
        (
            "(530, b'5.7.0 Must issue a STARTTLS command first', 'me@x')",
            (
                "it wants encryption: use mailtos:// "
                "(SMTP 530: 5.7.0 Must issue a STARTTLS command first)"
            ),
            True,
        ),
        (
            "{'me@x': (554, b'5.7.1 Relay access denied')}",
            (
                "it does not take mail for others: is the login in the URL? "
                "(SMTP 554: 5.7.1 Relay access denied)"
            ),
            True,
        ),
        (
            "(550, b'5.4.5 Daily user sending limit exceeded')",
            (
                "the account has sent as many mails as it may in a day "
                "(SMTP 550: 5.4.5 Daily user sending limit exceeded)"
            ),
            False,
        ),
        ("{'me@x': (550, b\"no 'me' here\")}", "SMTP 550: no 'me' here", True),
        ("(421, b'try later')", "SMTP 421: try later", False),
        (
            "(454, b'4.7.0 Temporary authentication failure')",
            "SMTP 454: 4.7.0 Temporary authentication failure",
            False,
        ),
    ],
)
def test_a_mail_servers_reply_is_permanent_by_its_first_digit_but_for_what_a_day_mends(
    reply: str, reason: str, *, is_final: bool
) -> None:
    assert reply_in(f"Socket Exception: {reply}") == Failure(reason, is_final)


@pytest.mark.parametrize(
    "line", ["Socket Exception: timed out", "Email To: (550, b'x')@x.org", "(550, b'no')"]
)
def test_only_an_exception_holds_a_reply(line: str) -> None:
    assert reply_in(line) is None


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
            (
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer"
                " certificate (_ssl.c:1006)"
            ),
            "its TLS certificate is not trusted",
        ),
        (
            (
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
                " (_ssl.c:1006)"
            ),
            "its TLS certificate is not trusted: it is self-signed",
        ),
        (
            (
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired"
                " (_ssl.c:1006)"
            ),
            "its TLS certificate has expired",
        ),
        (
            (
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch,"
                " certificate is not valid for 'x.org'. (_ssl.c:1006)"
            ),
            "its TLS certificate is another host's",
        ),
        (
            "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)",
            "it does not speak TLS on this port",
        ),
        (
            "STARTTLS extension not supported by server.",
            "it does not speak TLS on this port",
        ),
        ("('Connection aborted.', RemoteDisconnected('closed'))", "connection cut"),
        ("something new", "something new"),
    ],
)
def test_the_cause_of_a_lost_connection_is_said_in_plain_words(exception: str, reason: str) -> None:
    assert cause_in(f"Socket Exception: {exception}") == Failure(reason)


def test_a_word_of_the_url_is_not_taken_for_the_cause() -> None:
    failure = cause_in(
        "Socket Exception: HTTPConnectionPool(host='x', port=80): Max retries exceeded with url: "
        "/certificate-timed-out (Caused by NewConnectionError('[Errno 111] Connection refused'))"
    )
    assert failure == Failure("connection refused")


def test_only_an_exception_is_a_cause() -> None:
    assert cause_in("JSON Payload: {'message': 'timed out'}") is None
