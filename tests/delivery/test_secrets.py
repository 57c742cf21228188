import logging

import pytest
from apprise import Apprise

from alertd.delivery.secrets import Scrubber, SecretsFilter, secrets_of

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"


def secrets_in(url: str) -> frozenset[str]:
    service = Apprise.instantiate(url)
    assert service is not None
    return secrets_of(url, service)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        (f"tgram://{TOKEN}/987654/", TOKEN),
        (f"tgram://{TOKEN}/987654/", "987654"),
        (f"tgram://{TOKEN}/?to=987654", "987654"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "T1JJ3T3L2"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "TIiajkdnlazkcOXrIdevi7FQ"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOX", "A1BRTD4JD"),
        ("mailtos://me:s3cr%40t%2Fx@smtp.example.org?to=a@b.org", "s3cr@t/x"),
        ("json://example.org/hook/p4th", "p4th"),
        ("json://example.org/?+X-Key=h34der&-p=qu3ry", "h34der"),
        ("json://example.org/?+X-Key=h34der&-p=qu3ry", "qu3ry"),
        ("json://alertd:alertd@example.org/", "alertd"),
        ("json://me:pa55-w0rd@example.org/", "bWU6cGE1NS13MHJk"),  # me:pa55-w0rd
        (
            "ntfy://tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2@ntfy.sh/topic",
            "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2",
        ),
    ],
)
def test_tokens_passwords_paths_and_parameters_of_a_url_are_secret(url: str, secret: str) -> None:
    assert secret not in Scrubber.of(secrets_in(url)).scrub(f"it is {secret} here")


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("mailtos://me:pass@smtp.example.org:587?to=a@b.org&mode=ssl", "smtp.example.org:587"),
        ("mailtos://me:pass@smtp.example.org:587?to=a@b.org&mode=ssl", "me a@b.org ssl"),
        ("json://example.org/hook?format=text", "json://example.org format=text"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOX", "hooks.slack.com"),
    ],
)
def test_a_host_a_user_and_a_setting_are_not(url: str, public: str) -> None:
    assert Scrubber.of(secrets_in(url)).scrub(public) == public


@pytest.mark.parametrize("written", ["p@ss/w0rd", "p%40ss%2Fw0rd", "p%40ss%2fw0rd", "P@SS/W0RD"])
def test_a_secret_is_hidden_in_any_case_and_encoding(written: str) -> None:
    assert Scrubber.of(["p@ss/w0rd"]).scrub(f"a {written} b") == "a *** b"


def test_a_short_secret_is_hidden_as_a_word_only() -> None:
    assert Scrubber.of(["on"]).scrub("no connection on it") == "no connection *** it"


def test_without_secrets_nothing_is_changed() -> None:
    assert Scrubber.of([]).scrub("as it was") == "as it was"


def record_of(message: str, *arguments: object, error: BaseException | None = None) -> str:
    """What a plain handler with the filter prints."""
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("x", logging.INFO, "f", 1, message, arguments, exc_info)
    record.stack_info = "Stack: t0ken-123"
    assert SecretsFilter(["t0ken-123"]).filter(record)
    return logging.Formatter().format(record)


def test_the_filter_scrubs_the_message_with_its_arguments() -> None:
    assert record_of("POST %s", "/bot/t0ken-123").startswith("POST /bot/***\n")


def test_the_filter_scrubs_an_exceptions_text() -> None:
    printed = record_of("failed", error=ValueError("no t0ken-123 there"))
    assert "ValueError: no *** there" in printed


def test_the_filter_scrubs_the_stack() -> None:
    assert record_of("failed").endswith("Stack: ***")


def test_a_log_call_whose_arguments_do_not_fit_is_printed_all_the_same() -> None:
    assert record_of("%d", "t0ken-123").startswith("%d ('***',)")


def test_a_plain_word_in_a_url_hides_nothing_of_what_the_log_says() -> None:
    found = secrets_in("ntfy://ntfy.example.org/streaming")
    assert Scrubber.of(found).scrub("BTCUSDT: streaming") == "BTCUSDT: streaming"


def test_a_plain_word_that_is_a_password_is_hidden_all_the_same() -> None:
    found = secrets_in("mailto://me:streaming@example.org")
    assert Scrubber.of(found).scrub("login streaming failed") == "login *** failed"


def test_a_filter_hides_what_it_is_told_of_later_and_forgets_nothing() -> None:
    secrets = SecretsFilter(["first-53cr3t"])
    secrets.add(["second-53cr3t"])
    record = logging.makeLogRecord({"msg": "first-53cr3t and second-53cr3t"})
    secrets.filter(record)
    assert record.msg == "*** and ***"
