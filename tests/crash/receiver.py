"""Receivers that keep an account of what they were sent, and of what became of their answers."""

import re
from collections.abc import Callable
from typing import Any

import attrs
import h11
import msgspec
import trio

from alertd.market.local.serving import serve_connections

_CHUNK = 65536
_ENDINGS = (h11.RemoteProtocolError, trio.BrokenResourceError, trio.ClosedResourceError)
# How the rules of `market.py` name themselves in their titles; in a digest the number ends the line.
_NAMED = re.compile(r"([a-z]+(?:-\d+)? (?:firing|resolved))")
_LINE = re.compile(r"^.* #(\d+)$", re.MULTILINE)
_NUMBER = re.compile(r"Alert (\d+)")
# What alertd says of itself is no alert of a rule.
_OWN = "alertd:"


@attrs.frozen
class Told:
    """An alert in a message: its number, and what it says: `ladder-3 firing`."""

    number: int
    says: str


@attrs.define
class Reception:
    """A message that arrived whole, in a life of the process. Times are those of Trio's clock.

    It was `taken` unless the receiver refused it; `answered_at` is None while no answer is out.
    """

    destination: str
    life: int
    at: float
    told: tuple[Told, ...]
    taken: bool
    answered_at: float | None = None
    has_picture: bool = False


@attrs.frozen
class Treatment:
    """What is done with a message: whether it is answered, how, and after how long."""

    status: int = 200
    delay_s: float = 0.0
    is_answered: bool = True


# The treatment of a message by its number, counted from 1.
Manner = Callable[[int], Treatment]


def steady(_: int) -> Treatment:
    """Take everything at once."""
    return Treatment()


def slow(_: int) -> Treatment:
    """Take everything, and say so after a while."""
    return Treatment(delay_s=0.3)


def moody(number: int) -> Treatment:
    """Refuse some of them for now, and lose the answer to others."""
    match number % 7:
        case 3:
            return Treatment(status=503)
        case 5:
            return Treatment(is_answered=False)
    return Treatment()


def closed(_: int) -> Treatment:
    """Refuse everything for good."""
    return Treatment(status=401)


@attrs.define
class Receiver:
    """A webhook of the name `destination`; `life` is the process's at the time."""

    destination: str
    manner: Manner
    receptions: list[Reception] = attrs.field(factory=list)
    life: int = 0

    async def serve(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled; started with the port."""
        await serve_connections(self._serve, 0, host="127.0.0.1", task_status=task_status)

    @property
    def has(self) -> set[str]:
        """What it was told of, and has taken."""
        return {told.says for it in self.receptions if it.taken for told in it.told}

    @property
    def numbers(self) -> set[int]:
        """The numbers of the alerts that it has taken."""
        return {told.number for it in self.receptions if it.taken for told in it.told}

    async def _serve(self, stream: trio.SocketStream) -> None:
        life = self.life
        try:
            body = await _read_body(stream)
            await self._take(stream, body, life)
        except _ENDINGS:
            await trio.lowlevel.checkpoint()

    async def _take(self, stream: trio.SocketStream, body: bytes, life: int) -> None:
        treatment = self.manner(len(self.receptions) + 1)
        posted = msgspec.json.decode(body)
        reception = Reception(
            self.destination,
            life,
            trio.current_time(),
            tuple(alerts_in(posted)),
            taken=treatment.status == 200,
            has_picture=bool(posted["attachments"]),
        )
        self.receptions.append(reception)
        await trio.sleep(treatment.delay_s)
        if treatment.is_answered:
            await stream.send_all(
                f"HTTP/1.1 {treatment.status} So\r\nContent-Length: 0\r\n\r\n".encode()
            )
            reception.answered_at = trio.current_time()


def alerts_in(posted: dict[str, Any]) -> list[Told]:
    """Return the rules' alerts of a message: the one that it is, or those of a digest, in its order."""
    title, body = posted["title"], posted["message"]
    if _NAMED.fullmatch(title):
        (number,) = _NUMBER.findall(body)
        return [Told(int(number), title)]
    lines = list(_LINE.finditer(body))
    assert lines or title.startswith(_OWN), f"neither an alert nor a digest: {posted}"
    return [Told(int(it[1]), _named(it[0])) for it in lines if _OWN not in it[0]]


def _named(line: str) -> str:
    named = _NAMED.search(line)
    assert named, f"no alert of the rules: {line}"
    return named[1]


async def _read_body(stream: trio.SocketStream) -> bytes:
    """Return the body of a request that arrives whole; raise `h11.RemoteProtocolError` for another."""
    connection, body = h11.Connection(h11.SERVER), b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await stream.receive_some(_CHUNK))
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return body
        elif isinstance(event, h11.ConnectionClosed):
            raise h11.RemoteProtocolError("nothing was asked")
