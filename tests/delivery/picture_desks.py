"""A worker that sends pictures, and Telegram, Discord and Slack on loopback."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import attrs
import trio

from alertd.delivery.channel import Channel, Charting
from alertd.delivery.destination import Destination
from alertd.delivery.message import Message
from alertd.delivery.patience import Patience
from alertd.delivery.pictures import Pictures
from alertd.delivery.report import Happening, Outcome, Report
from alertd.delivery.settings import Settings
from alertd.delivery.worker import Worker
from alertd.engine.prices import Prices
from alertd.rate import Rate
from tests.delivery.deliveries import AT_ONCE, roomy
from tests.delivery.pictured import (
    PICTURED,
    WANTED,
    known_prices,
    pictured,
)
from tests.delivery.receivers import (
    Answer,
    HttpReceiver,
    Received,
    Request,
)

TELEGRAM = "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654/"
DISCORD = "discord://12345678901234567/AAabcdefghijklmnopqrstuvwxyz0123456789"
WEBHOOK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
BOT = "slack://xoxb-1234567890-1234567890-4ddbc191d40ee098cbaae6f3523ada2d/%23alerts"
LONG = attrs.evolve(PICTURED, body="x" * 2000)
REFUSED = Answer(400, b'{"ok": false, "description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}')


class Desk:
    """A worker at work with pictures, and what it reported. Its jitter always draws one half."""

    def __init__(self, url: str, *, charting: Charting, prices: Prices, rate: Rate) -> None:
        self.reports: Received[Report] = Received()
        self.ended = trio.Event()
        channel: Channel = attrs.evolve(roomy("phone", url), chart=charting, rate=rate)
        destination = Destination("phone", url)
        self.worker = Worker(
            destination,
            Settings.of(destination, channel),
            tell=self._take,
            patience=Patience(),
            draw=lambda: 0.5,
            pictures=Pictures(prices),
        )

    async def run(self) -> None:
        await self.worker.run()
        self.ended.set()

    def _take(self, happening: Happening) -> None:
        if isinstance(happening, Report):
            self.reports.add(happening)

    async def tells(self, *messages: Message) -> list[Outcome]:
        """Have these told, one after the other, and return what came of each."""
        for number, message in enumerate(messages, len(self.reports) + 1):
            self.worker.put(pictured(number, message=message))
            await self.reports.expect(number)
        return [report.outcome for report in self.reports.so_far()]


@asynccontextmanager
async def desk_at(
    url: str,
    *,
    charting: Charting = WANTED,
    prices: Prices | None = None,
    rate: Rate = AT_ONCE,
) -> AsyncGenerator[Desk]:
    desk = Desk(url, charting=charting, prices=prices or known_prices(), rate=rate)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.run)
        yield desk
        nursery.cancel_scope.cancel()


def methods(receiver: HttpReceiver) -> list[str]:
    """What of the service was called, in order: the last part of each address."""
    return [
        request.path.partition("?")[0].rpartition("/")[2] for request in receiver.received.so_far()
    ]


def text_of(request: Request) -> str:
    return str(request.json["text"])
