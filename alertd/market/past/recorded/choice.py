"""Which of a recording's symbols are played, told by its lines before they are decoded."""

import zlib

import attrs

from alertd.market.past.recorded.form import LINE_BEGINS


@attrs.frozen
class Choice:
    """Which symbols are played: those that are named, all without names; of them, one part of several."""

    symbols: frozenset[str] = frozenset()
    part: int = 0
    parts: int = 1

    def has(self, symbol: str) -> bool:
        """Tell whether a symbol is among them, in whichever process this is asked."""
        if self.symbols and symbol not in self.symbols:
            return False
        return self.parts == 1 or zlib.crc32(symbol.encode()) % self.parts == self.part

    @property
    def is_all(self) -> bool:
        """Whether every symbol is."""
        return not self.symbols and self.parts == 1


class Wanted(dict[bytes, bool]):
    """Which lines may be of a choice's symbols, told without decoding them."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self._choice = choice

    def may_be(self, line: bytes) -> bool:
        """Tell whether a line has to be decoded."""
        begins = len(LINE_BEGINS)
        return self[line[begins : line.find(b'"', begins)]] or not line.startswith(LINE_BEGINS)

    def __missing__(self, name: bytes) -> bool:
        try:
            may_be = b"\\" in name or self._choice.has(name.decode())
        except UnicodeDecodeError:
            may_be = True
        self[name] = may_be
        return may_be
