"""The exchange's list of symbols: what is listed, what of it trades, what a pattern stands for.

Pure: no network, no file, no clock. `rest` fetches a listing, `listing_cache` keeps it.
"""

import enum
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase

import attrs

EVERY = "all"
_GLOB = frozenset("*?[]")

TRADING = "TRADING"
# Our own word, for a symbol that an older list had and the newest no longer has.
DELISTED = "DELISTED"


@attrs.frozen
class ListedSymbol:
    """A symbol as the exchange lists it.

    `status` is the exchange's word; only `TRADING` trades. `contract_type` is empty on spot;
    `price_tick` is the step between prices, in the quote asset, None where it is not said.
    """

    name: str
    status: str
    contract_type: str = ""
    price_tick: Decimal | None = None

    @property
    def trades(self) -> bool:
        """Whether it trades, which halted, settling and future symbols do not."""
        return self.status == TRADING


class Fault(enum.Enum):
    """What is the matter with a pattern that stands for no symbol that trades."""

    UNKNOWN = "not listed, and never was as far as is known"
    NOT_TRADING = "listed, or was, but does not trade"
    MATCHES_NOTHING = "a glob that matches nothing that trades"


@attrs.frozen
class Changes:
    """What began to trade between two listings, and what no longer does, by name."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


@attrs.frozen
class Listing:
    """The symbols of a market by name, as they were at `fetched_ms` (since 1970, UTC)."""

    market: str
    fetched_ms: int
    symbols: Mapping[str, ListedSymbol] = attrs.field(repr=False)
    # Pattern -> what it stands for: thousands of rules share a handful of patterns.
    _expanded: dict[str, tuple[str, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    @property
    def trading(self) -> tuple[str, ...]:
        """The names of all symbols that trade, in the order of the alphabet."""
        return self._standing_for(EVERY)

    def expand(self, patterns: Iterable[str], exclude: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the trading symbols that the patterns stand for, each once, without the excluded.

        A pattern is a name, a glob (`*USDT`; upper and lower case differ) or `all`. The order is
        that of the patterns, and of the alphabet within one.
        """
        left_out = {name for pattern in exclude for name in self._standing_for(pattern)}
        found = (name for pattern in patterns for name in self._standing_for(pattern))
        return tuple(dict.fromkeys(name for name in found if name not in left_out))

    def fault_of(self, pattern: str) -> Fault | None:
        """Return why a pattern stands for nothing, None where it stands for something."""
        if self._standing_for(pattern):
            return None
        if is_glob(pattern):
            return Fault.MATCHES_NOTHING
        return Fault.NOT_TRADING if pattern in self.symbols else Fault.UNKNOWN

    def changes_since(self, older: "Listing") -> Changes:
        """Return what trades now and did not, and what did and does not now."""
        before, now = set(older.trading), set(self.trading)
        return Changes(new=tuple(sorted(now - before)), gone=tuple(sorted(before - now)))

    def remembering(self, older: "Listing | None") -> "Listing":
        """Return this listing with what only the older one has, as delisted.

        So a name that was right once is told from a mistyped one.
        """
        symbols = older.symbols if older is not None else {}
        former = {
            name: attrs.evolve(symbol, status=DELISTED)
            for name, symbol in symbols.items()
            if name not in self.symbols
        }
        return attrs.evolve(self, symbols={**self.symbols, **former}) if former else self

    def keeping(self, names: Iterable[str]) -> "Listing":
        """Return this listing with those of the names that only pause as if they traded.

        A symbol that is watched and halted may be back long before anybody looks again.
        """
        paused = {
            name: attrs.evolve(self.symbols[name], status=TRADING)
            for name in names
            if name in self.symbols and self._pauses(name)
        }
        return attrs.evolve(self, symbols={**self.symbols, **paused}) if paused else self

    def _pauses(self, name: str) -> bool:
        return self.symbols[name].status not in (TRADING, DELISTED)

    def _standing_for(self, pattern: str) -> tuple[str, ...]:
        if pattern not in self._expanded:
            names = (name for name, symbol in self.symbols.items() if symbol.trades)
            self._expanded[pattern] = tuple(sorted(n for n in names if matches(pattern, n)))
        return self._expanded[pattern]


def is_glob(pattern: str) -> bool:
    """Whether a pattern may stand for several symbols."""
    return pattern == EVERY or not _GLOB.isdisjoint(pattern)


def matches(pattern: str, name: str) -> bool:
    """Whether a pattern (a name, a glob, `all`) stands for the symbol of this name."""
    return pattern in (EVERY, name) or (is_glob(pattern) and fnmatchcase(name, pattern))
