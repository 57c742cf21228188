"""MQTT, by way of a real Mosquitto."""

import base64
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from alertd.delivery.destination import Destination
from alertd.delivery.failure import Failure
from tests.delivery.receivers import Received, free_port
from tests.delivery.samples import MESSAGE, message_of

BROKER = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(BROKER is None, reason="mosquitto is not installed")

LOGIN = ("me", "r1ght-pass")


@attrs.frozen
class Broker:
    """A broker's port, and what has come to it."""

    port: int
    received: Received[str]

    def url(self, login: str = "") -> str:
        return f"mqtt://{login}127.0.0.1:{self.port}/alerts"


@contextmanager
def running_broker(folder: Path, *, port: int, asks_for_login: bool = False) -> Iterator[Broker]:
    """Run a broker, and subscribe to what is published there."""
    config, passwords = folder / "mosquitto.conf", folder / "passwords"
    settings = [f"listener {port} 127.0.0.1", "user root", "allow_anonymous true"]
    if asks_for_login:
        passwords.write_text(hashed(*LOGIN))
        settings[-1:] = ["allow_anonymous false", f"password_file {passwords}"]
    config.write_text("\n".join(settings))
    command = [str(BROKER), "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "running" in line:
                break
        try:
            with subscribed(port) as received:
                yield Broker(port, received)
        finally:
            process.terminate()


def hashed(user: str, password: str) -> str:
    """A line of Mosquitto's password file: `$7$`, rounds, salt, and PBKDF2 by SHA-512."""
    salt, rounds = b"twelve bytes", 101
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, rounds)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{user}:$7${rounds}${'$'.join(parts)}\n"


@contextmanager
def subscribed(port: int) -> Iterator[Received[str]]:
    received: Received[str] = Received()
    ready: Received[str] = Received()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(*LOGIN)
    client.on_subscribe = lambda *_: ready.add("subscribed")
    client.on_message = lambda _client, _data, message: received.add(message.payload.decode())
    client.connect("127.0.0.1", port)
    client.subscribe("alerts", qos=1)
    client.loop_start()
    try:
        ready.wait_for(1)
        yield received
    finally:
        client.disconnect()
        client.loop_stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path, port=free_port()) as broker:
        yield broker


def test_title_and_text_arrive_whole(broker: Broker) -> None:
    message = message_of("BTC_USDT <b> 币安人生USDT 🚀", "1_000 < 5 & *x*\n币安人生USDT 🚀")
    assert Destination("bus", broker.url()).send(message) is None
    assert broker.received.wait_for(1) == [f"{message.title}\r\n{message.body}"]


def test_messages_arrive_in_order(broker: Broker) -> None:
    destination = Destination("bus", broker.url())
    for title in "abc":
        assert destination.send(message_of(title, "x")) is None
    assert [text[0] for text in broker.received.wait_for(3)] == ["a", "b", "c"]


@pytest.mark.parametrize(("setting", "qos"), [("", "1"), ("?qos=0", "0"), ("?qos=2", "2")])
def test_the_broker_has_to_confirm_unless_the_url_says_otherwise(setting: str, qos: str) -> None:
    service = Destination("bus", f"mqtt://127.0.0.1/alerts{setting}")._apprise[0]
    assert f"qos={qos}" in service.url()


def test_a_login_is_let_in(tmp_path: Path) -> None:
    with running_broker(tmp_path, port=free_port(), asks_for_login=True) as broker:
        assert Destination("bus", broker.url("me:r1ght-pass@")).send(MESSAGE) is None
        broker.received.wait_for(1)


def test_a_wrong_login_is_told_when_nothing_was_confirmed(tmp_path: Path) -> None:
    with running_broker(tmp_path, port=free_port(), asks_for_login=True) as broker:
        destination = Destination("bus", f"{broker.url('me:wr0ng-pass@')}?rto=0.2")
        failure = destination.send(MESSAGE)
    reason = "it has not confirmed the message: is the login right, and may it write to this topic?"
    assert failure == Failure(reason)


def test_a_broker_that_is_gone_gets_each_message_once_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    with running_broker(tmp_path, port=port) as broker:
        destination = Destination("bus", broker.url())
        assert destination.send(message_of("before", "x")) is None
    for _ in range(2):
        assert destination.send(message_of("meanwhile", "x")) == Failure("connection refused")
    with running_broker(tmp_path, port=port) as broker:
        assert destination.send(message_of("meanwhile", "x")) is None
        assert destination.send(message_of("after", "x")) is None
        titles = [text.split()[0] for text in broker.received.wait_for(2)]
    assert titles == ["meanwhile", "after"]
