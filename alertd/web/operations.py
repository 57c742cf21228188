"""What the control room needs of the daemon: it asks, and knows no more of it."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

import attrs

from alertd.engine.explanation import Explanation, Glance
from alertd.engine.rule import Rule
from alertd.web.status_answers import Status


@attrs.frozen
class Reload:
    """What came of a reload; where not `ok`, nothing has changed.

    `summary` is a line; `mistakes` are lines with their places, `notes` what is done all the same
    and should be known. Nothing secret is in them.
    """

    ok: bool
    summary: str
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Operations(Protocol):
    """A running daemon, as those who are let in see it."""

    @property
    def config_file(self) -> Path:
        """The configuration that it runs by."""

    def overview(self) -> Status:
        """Return how it goes, as of now."""

    @property
    def symbols(self) -> Collection[str]:
        """The symbols that are watched."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is configured, the disabled ones too."""

    @property
    def streaming(self) -> Collection[str]:
        """The symbols whose tickers are coming in right now."""

    def watching(self, rule: str) -> tuple[str, ...]:
        """Return the symbols that a rule watches."""

    def explain(self, rule: str, symbol: str) -> Explanation | None:
        """Return how a rule stands for a symbol, None where it does not watch it."""

    def glances(self, symbol: str, first: int = 0) -> Sequence[Glance]:
        """Return in short how a symbol's rules stand, some from that number on; at the end none."""

    def rearm(self, rule: str, symbol: str | None = None) -> int:
        """Arm a `once` rule again, for all symbols without one; return for how many it was not."""

    async def reload(self) -> Reload:
        """Read the configuration anew, and go on by it if there is no mistake in it."""
