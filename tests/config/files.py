"""Configurations written for a test."""

from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest

from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config
from alertd.market.listing import DELISTED, TRADING, ListedSymbol, Listing

HEAD = "channels: {phone: 'json://localhost', desk: 'json://localhost/desk'}\n"
SYSTEM = "system: phone\n"
RULE = "{symbols: BTCUSDT, when: {close: {above: 1}}, notify: phone}"

# What the exchange lists, as far as tests of configurations go.
STATUSES = {
    "BTCUSDT": TRADING,
    "ETHUSDT": TRADING,
    "龙虾USDT": TRADING,
    "OLDUSDT": "SETTLING",
    "NEWUSDT": "PENDING_TRADING",
    "GONEUSDT": DELISTED,
}
SMALL_LISTING = Listing("usdm", 0, {it: ListedSymbol(it, STATUSES[it]) for it in STATUSES})


@attrs.frozen
class Folder:
    """A folder with a config.yaml and what belongs to it."""

    path: Path

    def write(self, name: str, text: str | bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def load(self, text: str | bytes, environment: Mapping[str, str] | None = None) -> Config:
        return load_config(self.write("config.yaml", text), environment=environment or {})

    def mistakes(
        self, text: str | bytes, environment: Mapping[str, str] | None = None
    ) -> list[str]:
        """Return the mistakes of a configuration, with the folder's name taken off."""
        with pytest.raises(MistakesError) as raised:
            self.load(text, environment)
        return [str(mistake).replace(f"{self.path}/", "") for mistake in raised.value.mistakes]
