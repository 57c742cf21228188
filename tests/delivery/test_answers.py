"""Real requests. A requests or an Apprise that goes another way is noticed here."""

import threading
from collections.abc import Iterator

import pytest
import requests

from alertd.delivery.answers import Answer as Heard
from alertd.delivery.answers import answers_heard
from alertd.delivery.destination import Destination
from tests.delivery.receivers import Answer, HttpReceiver, http_receiver, too_many
from tests.delivery.samples import MESSAGE


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver(too_many("7"), Answer(500, b"broken")) as receiver:
        yield receiver


def post(receiver: HttpReceiver) -> requests.Response:
    return requests.post(receiver.address, data=b"x", timeout=10)


def test_what_a_plugin_is_answered_is_heard_whole(receiver: HttpReceiver) -> None:
    destination = Destination("hook", receiver.url())
    with answers_heard() as answers:
        destination._apprise.notify(body=MESSAGE.body)
    (answer,) = answers
    assert (answer.status, answer.body) == (429, "slow down")
    assert answer.headers["retry-after"] == "7"


def test_answers_are_heard_in_their_order(receiver: HttpReceiver) -> None:
    with answers_heard() as answers:
        post(receiver)
        post(receiver)
    assert [answer.status for answer in answers] == [429, 500]


def test_listening_changes_nothing_of_an_answer(receiver: HttpReceiver) -> None:
    with answers_heard():
        response = post(receiver)
    assert (response.status_code, response.text) == (429, "slow down")


def test_what_comes_later_or_before_is_not_heard(receiver: HttpReceiver) -> None:
    with answers_heard() as first:
        pass
    post(receiver)
    with answers_heard() as second:
        pass
    assert first == second == []


def test_what_another_thread_is_answered_is_not_heard(receiver: HttpReceiver) -> None:
    with answers_heard() as answers:
        other = threading.Thread(target=post, args=(receiver,))
        other.start()
        other.join()
    assert len(receiver.received) == 1
    assert answers == []


def test_of_a_stream_the_body_is_left_to_its_reader(receiver: HttpReceiver) -> None:
    with answers_heard() as answers:
        response = requests.post(receiver.address, stream=True, timeout=10)
    assert response.raw.read() == b"slow down"
    assert answers == [Heard(429, response.headers)]


def test_only_the_beginning_of_a_long_answer_is_kept() -> None:
    with http_receiver(Answer(500, b"x" * 10_000)) as receiver, answers_heard() as answers:
        assert len(post(receiver).content) == 10_000
    assert answers[0].body == "x" * 4000
