"""Alerts that have pictures, and what is known of the price around them."""

import io
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern_policy

import attrs
from PIL import Image

from alertd.delivery.channel import Charting
from alertd.delivery.delivery import Delivery
from alertd.delivery.message import Message
from alertd.engine.prices import Prices
from alertd.engine.sketch import Sketch
from alertd.market.ticker import Ticker
from tests.delivery.receivers import Request
from tests.delivery.samples import MESSAGE, TIME_MS

MINUTE_MS = 60_000
SKETCH = Sketch(price=100_012.3, day_low=96_420.7, day_high=100_250, levels=(100_000,))
PICTURED = attrs.evolve(MESSAGE, number=7, sketch=SKETCH)
WANTED = Charting(is_wanted=True)


def known_prices(minutes: int = 60) -> Prices:
    """What is known of the last minutes up to the alert: they rise to what it tells of."""
    prices = Prices()
    prices.watch({"BTCUSDT": WANTED.span_ms})
    for minute in range(minutes):
        close = 100_012.3 - 20 * (minutes - 1 - minute)
        time_ms = TIME_MS - (minutes - 1 - minute) * MINUTE_MS
        prices.take(Ticker("BTCUSDT", time_ms, close, close, close, close, 1.0, 1.0))
    return prices


def pictured(number: int = 1, *, message: Message = PICTURED, attempts: int = 0) -> Delivery:
    return Delivery(
        number=number,
        message=attrs.evolve(message, number=number),
        noted_ms=TIME_MS,
        attempts=attempts,
    )


def parts_of(request: Request) -> dict[str, bytes]:
    """The parts of a form that was posted, by name."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form = BytesParser(EmailMessage, policy=modern_policy).parsebytes(head + request.body)
    parts: dict[str, bytes] = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        parts[str(part.get_param("name", header="Content-Disposition"))] = content
    return parts


def is_picture(content: bytes) -> bool:
    """Whether it is a PNG that opens, and is not all of one colour."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        colours = picture.convert("RGB").getcolors(maxcolors=1_000_000) or []
        return picture.format == "PNG" and len(colours) > 5
