"""What people ask of a running daemon's journal, and tell it: the past, silences, retries."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import attrs
import trio

from alertd import history
from alertd.delivery.destination import channel_of
from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.journal.records import KeptDelivery, Status
from alertd.outbound import Outbound
from alertd.web import answers
from alertd.web.records import Asked


class Archive:
    """Answers from the journal at `path`, of which `outbound` is in charge.

    `channels` gives the names of those that are configured now.
    """

    def __init__(
        self, outbound: Outbound, path: Path, *, channels: Callable[[], Collection[str]]
    ) -> None:
        self._outbound = outbound
        self.path = path
        self._channels = channels

    @property
    def channels(self) -> Collection[str]:
        """The names of the channels that are configured."""
        return self._channels()

    @property
    def silences(self) -> Sequence[Silence]:
        """Every silence that is remembered, those that are over too, by their numbers."""
        return self._outbound.journal.silences()

    async def silenced(self) -> Mapping[int, int]:
        """Return how many alerts each silence swallowed, where any. Raises `UnreadableError`."""
        return await trio.to_thread.run_sync(history.count_silenced, self.path)

    async def history(self, asked: Asked) -> Sequence[answers.PastAlert]:
        """Return the alerts that are asked for, by their numbers. Raises `UnreadableError`."""
        return await trio.to_thread.run_sync(history.read_history, self.path, asked)

    def add_silence(
        self, *, rule: str, symbol: str, severity: Severity | None, until_ms: int, comment: str
    ) -> Silence:
        """Silence such alerts from now on."""
        return self._outbound.journal.add_silence(
            rule=rule, symbol=symbol, severity=severity, until_ms=until_ms, comment=comment
        )

    def end_silence(self, number: int) -> None:
        """End a silence that is in force."""
        self._outbound.journal.end_silence(number)

    async def retry(self, *, alert: int | None, channel: str | None) -> Sequence[answers.Retrial]:
        """Try again what was given up, and at once what waits: of one alert or channel, or of all.

        Raises `UnreadableError`.
        """
        find = partial(history.given_up, self.path, alert=alert)
        found = await trio.to_thread.run_sync(find)
        given_up = tuple(it for it in found.deliveries if _is_of(it, channel))
        hurried = self._hurried(self._waiting_at(None if alert is None else found.others, channel))
        sent = self._outbound.retry(attrs.evolve(found, deliveries=given_up))
        possible = {it.number for it in sent}
        again = Counter(it.to.label for it in given_up if it.number in possible)
        gone = Counter(it.to.label for it in given_up if it.number not in possible)
        return [
            *(
                answers.Retrial(destination=it, undelivered=again[it], waiting=hurried[it])
                for it in {**hurried, **again}
            ),
            *(
                answers.Retrial(destination=it, undelivered=count, waiting=0, is_gone=True)
                for it, count in gone.items()
            ),
        ]

    def _waiting_at(
        self, deliveries: Iterable[KeptDelivery] | None, channel: str | None
    ) -> dict[str, str]:
        """Return where these wait, or where anything may, with the labels of these destinations."""
        channels = self.channels if channel is None else (channel,)
        found = self._outbound.dispatcher.addresses(channels, Severity.CRITICAL)
        if deliveries is None:
            return found
        waiting = {it.to.destination for it in deliveries if it.status is Status.WAITING}
        return {key: label for key, label in found.items() if key in waiting}

    def _hurried(self, destinations: Mapping[str, str]) -> Counter[str]:
        counts = {it: self._outbound.dispatcher.hurry(it) for it in destinations}
        return Counter({destinations[it]: n for it, n in counts.items() if n is not None})


def _is_of(delivery: KeptDelivery, channel: str | None) -> bool:
    return channel is None or channel_of(delivery.to.destination) == channel
