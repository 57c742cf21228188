"""What the control room needs of the daemon: it asks, and knows no more of it."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

import attrs

from alertd.engine.explanation import Explanation
from alertd.engine.rule import Rule


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

    @property
    def status(self) -> str:
        """How it goes, in a line."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is configured, the disabled ones too."""

    @property
    def watched(self) -> Mapping[str, tuple[Rule, ...]]:
        """Each symbol that is watched, and the rules that watch it."""

    @property
    def streaming(self) -> Collection[str]:
        """The symbols whose tickers are coming in right now."""

    def explain(self, rule: str, symbol: str) -> Explanation | None:
        """Return how a rule stands for a symbol, None where it does not watch it."""

    def rearm(self, rule: str, symbol: str | None = None) -> int:
        """Arm a `once` rule again, for all symbols without one; return for how many it was not."""

    async def reload(self) -> Reload:
        """Read the configuration anew, and go on by it if there is no mistake in it."""
