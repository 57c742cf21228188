"""Receivers that misbehave, and what a destination makes of them."""

import ssl

import pytest
import trustme

from alertd.delivery.destination import Destination
from alertd.delivery.failure import Failure
from tests.delivery.receivers import (
    AnswerLost,
    Cut,
    closing_receiver,
    http_receiver,
)
from tests.delivery.samples import MESSAGE


def test_an_accepted_and_closed_connection_is_cut() -> None:
    with closing_receiver() as port:
        failure = Destination("hook", f"json://127.0.0.1:{port}").send(MESSAGE)
    assert failure == Failure("connection cut")


def test_a_lost_answer_is_a_failure_though_the_message_was_taken() -> None:
    with http_receiver(AnswerLost()) as receiver:
        assert Destination("hook", receiver.url()).send(MESSAGE) == Failure("connection cut")
        assert len(receiver.taken) == 1


def test_a_cut_request_was_not_taken() -> None:
    with http_receiver(Cut()) as receiver:
        assert Destination("hook", receiver.url()).send(MESSAGE) == Failure("connection cut")
        assert len(receiver.received) == 1
        assert len(receiver.taken) == 0


def test_a_certificate_of_an_unknown_authority_is_said_to_be_that(tls: ssl.SSLContext) -> None:
    with http_receiver(tls=tls) as receiver:
        failure = Destination("hook", receiver.url()).send(MESSAGE)
        assert len(receiver.received) == 0
    assert failure == Failure("its TLS certificate is not trusted")


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_a_known_authority_is_trusted(tls: ssl.SSLContext) -> None:
    with http_receiver(tls=tls) as receiver:
        assert Destination("hook", receiver.url()).send(MESSAGE) is None
        assert len(receiver.taken) == 1


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_host_is_said_to_be_that(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("example.org").configure_cert(context)
    with http_receiver(tls=context) as receiver:
        failure = Destination("hook", receiver.url()).send(MESSAGE)
    assert failure == Failure("its TLS certificate is another host's")


def test_a_server_without_tls_is_said_to_be_one() -> None:
    with http_receiver() as receiver:
        url = receiver.url().replace("json:", "jsons:")
        failure = Destination("hook", url).send(MESSAGE)
    assert failure == Failure("it does not speak TLS on this port")
