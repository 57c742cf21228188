"""What people ask of a running daemon's journal, and tell it: the past, silences, what is tried again."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

import trio

from alertd import history
from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
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
        find = partial(history.given_up, self.path, alert=alert, channel=channel)
        found = await trio.to_thread.run_sync(find)
        given_up = found.deliveries
        # First of all, so that what is sent again is not counted among what waits.
        hurried = self._hurried(await self._waiting_at(alert, channel))
        possible = {it.number for it in self._outbound.retry(found)}
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

    async def _waiting_at(self, alert: int | None, channel: str | None) -> dict[str, str]:
        """Return the destinations where such deliveries may wait, with their labels."""
        channels = self.channels if channel is None else (channel,)
        found = self._outbound.dispatcher.addresses(channels, Severity.CRITICAL)
        if alert is None:
            return found
        find = partial(history.waiting_at, self.path, alert=alert)
        keys = await trio.to_thread.run_sync(find)
        return {key: label for key, label in found.items() if key in keys}

    def _hurried(self, destinations: Mapping[str, str]) -> Counter[str]:
        counts = {it: self._outbound.dispatcher.hurry(it) for it in destinations}
        return Counter({destinations[it]: n for it, n in counts.items() if n is not None})
