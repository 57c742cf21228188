"""What became of an alert, in a few words for a terminal: at each destination, or why at none."""

from rich.text import Text

from alertd.cli.figures import stamp
from alertd.delivery import numbers
from alertd.printable import printable
from alertd.web.answers import PastAlert, PastDelivery, Silence, SilencedBy

# What took no longer is not worth a word.
SLOW_MS = 5_000
_WELL = "delivered"
_STYLES = {_WELL: "green", "waiting": "yellow", "undelivered": "bold red"}


def fates(alert: PastAlert) -> list[Text]:
    """Return a line for each destination, those where all is well on one; without any, why."""
    if alert.silence is not None:
        return [Text(silenced_by(alert.silence), "dim")]
    if not alert.deliveries:
        return [Text("no channel wants it", "dim")]
    became = [(it.destination, fate(it)) for it in alert.deliveries]
    well = ", ".join(where for where, what in became if what.plain == _WELL)
    told = [(where, what) for where, what in became if what.plain != _WELL]
    if well:
        told.insert(0, (well, Text(_WELL, _STYLES[_WELL])))
    return [Text.assemble(f"{where} ", what) for where, what in told]


def fate(delivery: PastDelivery, *, exact: bool = False) -> Text:
    """Return what became of a delivery; how long it took where it was long, or it is `exact`."""
    words = delivery.status
    if delivery.latency_ms is not None and (exact or delivery.latency_ms > SLOW_MS):
        words += f" after {took(delivery.latency_ms)}"
    if delivery.reason and delivery.status != _WELL:
        words += f": {printable(delivery.reason)}"
    if delivery.attempts > 1:
        words += f", {delivery.attempts} tries"
    return Text(words, _STYLES.get(delivery.status, ""))


def silenced_by(silence: SilencedBy) -> str:
    """Return which silence it was, and why it was made."""
    return f"silenced {_by(silence)}"


def _by(silence: SilencedBy) -> str:
    comment = f": {printable(silence.comment)}" if silence.comment else ""
    return f"by {silence.number}{comment}"


def silenced_until(silence: Silence) -> str:
    """Return until when a silence lasts, which it is, and why it was made."""
    by = SilencedBy(number=silence.number, comment=silence.comment)
    return f"until {stamp(silence.until_ms)} {_by(by)}"


def took(milliseconds: int) -> str:
    """Return how long something took: `7.3 s`, from a minute on in its two largest units."""
    if milliseconds < 60_000:  # noqa: PLR2004 - a minute
        return f"{numbers.fixed(milliseconds / 1000, 1)} s"
    return numbers.duration(milliseconds / 1000)
