"""What became of an alert, in a few words for a terminal: at each destination, or why at none."""

from rich.text import Text

from alertd.delivery import numbers
from alertd.web.answers import PastAlert, PastDelivery, SilencedBy

# What took no longer is not worth a word.
_SLOW_MS = 5_000
_STYLES = {"delivered": "green", "waiting": "yellow", "undelivered": "bold red"}


def fates(alert: PastAlert) -> list[Text]:
    """Return a line for each destination; where there is none, why."""
    if alert.silence is not None:
        return [Text(silenced_by(alert.silence), "dim")]
    if not alert.deliveries:
        return [Text("no channel wants it", "dim")]
    return [Text.assemble(f"{it.destination} ", fate(it)) for it in alert.deliveries]


def fate(delivery: PastDelivery) -> Text:
    """Return what became of a delivery."""
    words = delivery.status
    if delivery.latency_ms is not None and delivery.latency_ms > _SLOW_MS:
        words += f" after {took(delivery.latency_ms)}"
    if delivery.reason and delivery.status != "delivered":
        words += f": {printable(delivery.reason)}"
    if delivery.attempts > 1:
        words += f", {delivery.attempts} tries"
    return Text(words, _STYLES.get(delivery.status, ""))


def silenced_by(silence: SilencedBy) -> str:
    """Return which silence it was, and why it was made."""
    comment = f": {printable(silence.comment)}" if silence.comment else ""
    return f"silenced by {silence.number}{comment}"


def took(milliseconds: int) -> str:
    """Return how long something took: `7.3 s`, from a minute on in its two largest units."""
    if milliseconds < 60_000:  # noqa: PLR2004 - a minute
        return f"{numbers.fixed(milliseconds / 1000, 1)} s"
    return numbers.duration(milliseconds / 1000)


def printable(text: str) -> str:
    """Return a text in one line without what would steer a terminal: services answer what they like."""
    return "".join(it if it.isprintable() else " " for it in text)
