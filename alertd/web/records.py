"""What the control room needs of a daemon's memory: past alerts, silences, retries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import attrs

from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.web import answers


class UnreadableError(Exception):
    """The machine's: why the journal cannot be read, in words."""


@attrs.frozen(kw_only=True)
class Asked:
    """Which alerts of the past. `rule` and `symbol` are names or globs; times are the machine's.

    `since_ms` is included, `until_ms` is not. `undelivered`: only those of which a delivery was
    given up. The newest `limit` of them; with `before` the newest of those with a lower number. A
    `number` is that one alert, whatever else is said.
    """

    number: int | None = None
    rule: str | None = None
    symbol: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    undelivered: bool = False
    before: int | None = None
    limit: int = 100


class Records(Protocol):
    """A running daemon's journal, as those who are let in see it."""

    @property
    def channels(self) -> Collection[str]:
        """The names of the channels that are configured."""

    @property
    def silences(self) -> Sequence[Silence]:
        """Every silence that is remembered, those that are over too, by their numbers."""

    async def silenced(self) -> Mapping[int, int]:
        """Return how many alerts each silence swallowed, where any. Raises `UnreadableError`."""

    async def history(self, asked: Asked) -> Sequence[answers.PastAlert]:
        """Return the alerts that are asked for, by their numbers. Raises `UnreadableError`."""

    def add_silence(
        self, *, rule: str, symbol: str, severity: Severity | None, until_ms: int, comment: str
    ) -> Silence:
        """Silence such alerts from now on."""

    def end_silence(self, number: int) -> None:
        """End a silence that is in force."""

    async def retry(self, *, alert: int | None, channel: str | None) -> Sequence[answers.Retrial]:
        """Try again what was given up, and at once what waits: of one alert or channel, or of all.

        Raises `UnreadableError`.
        """
