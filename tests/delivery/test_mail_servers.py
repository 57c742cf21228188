"""Mail over real SMTP: in the clear, by STARTTLS, under TLS, and with a login."""

import ssl

import pytest

from alertd.delivery.destination import Destination
from alertd.delivery.failure import Failure
from tests.delivery.receivers import MailReceiver, body_of, mail_receiver
from tests.delivery.samples import MESSAGE, message_of

AWKWARD = message_of("BTC_USDT <b> & 币安人生USDT 🚀", "1_000 < 5 & *x*\n币安人生USDT 🚀\n-1.5%")

NOT_TRUSTED = Failure("its TLS certificate is not trusted")


def mail_to(mailbox: MailReceiver, *, mode: str, login: str = "") -> Destination:
    address = f"127.0.0.1:{mailbox.port}?from=a@example.org&to=me@example.org"
    return Destination("mail", f"mailtos://{login}{address}&mode={mode}")


def assert_arrived(mailbox: MailReceiver) -> None:
    (mail,) = mailbox.received.so_far()
    assert mail["Subject"] == AWKWARD.title
    assert body_of(mail).rstrip("\n") == AWKWARD.body


def test_a_mail_in_the_clear_arrives_whole() -> None:
    with mail_receiver() as mailbox:
        assert Destination("mail", mailbox.url).send(AWKWARD) is None
        assert_arrived(mailbox)


@pytest.mark.usefixtures("trusted")
def test_a_mail_by_starttls_arrives_whole(tls: ssl.SSLContext) -> None:
    with mail_receiver(starttls=tls) as mailbox:
        assert mail_to(mailbox, mode="starttls").send(AWKWARD) is None
        assert_arrived(mailbox)


@pytest.mark.usefixtures("trusted")
def test_a_mail_under_tls_arrives_whole(tls: ssl.SSLContext) -> None:
    with mail_receiver(tls=tls) as mailbox:
        assert mail_to(mailbox, mode="ssl").send(AWKWARD) is None
        assert_arrived(mailbox)


def test_a_certificate_has_to_be_trusted_before_anything_is_said_by_starttls(
    tls: ssl.SSLContext,
) -> None:
    with mail_receiver(starttls=tls) as mailbox:
        assert mail_to(mailbox, mode="starttls").send(MESSAGE) == NOT_TRUSTED
        assert len(mailbox.received) == 0


def test_a_certificate_has_to_be_trusted_before_anything_is_said_under_tls(
    tls: ssl.SSLContext,
) -> None:
    with mail_receiver(tls=tls) as mailbox:
        assert mail_to(mailbox, mode="ssl").send(MESSAGE) == NOT_TRUSTED
        assert len(mailbox.received) == 0


@pytest.mark.usefixtures("trusted")
def test_a_login_with_the_right_password_is_let_in(tls: ssl.SSLContext) -> None:
    with mail_receiver(starttls=tls, password="r1ght-pass") as mailbox:
        destination = mail_to(mailbox, mode="starttls", login="me:r1ght-pass@")
        assert destination.send(AWKWARD) is None
        assert_arrived(mailbox)


@pytest.mark.usefixtures("trusted")
def test_a_login_with_the_wrong_password_is_a_final_refusal(tls: ssl.SSLContext) -> None:
    with mail_receiver(starttls=tls, password="r1ght-pass") as mailbox:
        failure = mail_to(mailbox, mode="starttls", login="me:wr0ng-pass@").send(MESSAGE)
    reason = (
        "the user name or the password is wrong "
        "(SMTP 535: 5.7.8 Authentication credentials invalid)"
    )
    assert failure == Failure(reason, is_final=True)


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_a_login_refuses_one_who_has_none(tls: ssl.SSLContext) -> None:
    with mail_receiver(starttls=tls, password="r1ght-pass") as mailbox:
        failure = mail_to(mailbox, mode="starttls").send(MESSAGE)
    assert failure is not None
    assert failure.is_final
    assert failure.reason.startswith("it wants a login (SMTP 530")


def test_a_server_that_wants_encryption_refuses_one_who_sends_in_the_clear(
    tls: ssl.SSLContext,
) -> None:
    with mail_receiver(starttls=tls) as mailbox:
        failure = Destination("mail", mailbox.url).send(MESSAGE)
    assert failure is not None
    assert failure.is_final
    assert failure.reason.startswith("it wants encryption: use mailtos:// (SMTP 530")


def test_a_server_without_tls_is_said_to_be_one() -> None:
    with mail_receiver() as mailbox:
        failure = mail_to(mailbox, mode="starttls").send(MESSAGE)
    assert failure == Failure("it does not speak TLS on this port")
