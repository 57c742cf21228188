"""The answer to `exchangeInfo` into a `Listing`, for every market of the exchange."""

from decimal import Decimal

import msgspec

from alertd.market.listing import ListedSymbol, Listing


class BadExchangeInfoError(ValueError):
    """The exchange's mistake: what came is no list of symbols. Its text says why."""


class _Filter(msgspec.Struct, rename="camel"):
    filter_type: str
    tick_size: str | None = None


class _Symbol(msgspec.Struct, rename="camel"):
    symbol: str
    status: str = ""
    contract_status: str = ""  # COIN-M has this in place of `status`
    contract_type: str = ""
    filters: list[_Filter] = []


class _ExchangeInfo(msgspec.Struct):
    symbols: list[_Symbol]


_decoder = msgspec.json.Decoder(_ExchangeInfo)


def parse_exchange_info(body: bytes, *, market: str, fetched_ms: int) -> Listing:
    """Return the listing in an answer of usdm, coinm or spot; keys that are not known are ignored.

    Raises `BadExchangeInfoError`, also for a list in which nothing trades: to obey one would end
    every stream, and the exchange sends one only while it is under maintenance.
    """
    try:
        info = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadExchangeInfoError(f"no list of symbols: {error}") from None
    # A name that cannot be printed is left out rather than the whole list with it.
    symbols = {
        it.symbol: _listed(it) for it in info.symbols if it.symbol and it.symbol.isprintable()
    }
    listing = Listing(market, fetched_ms, symbols)
    if not listing.trading:
        raise BadExchangeInfoError(f"none of the {len(symbols)} symbols listed trades")
    return listing


def _listed(wire: _Symbol) -> ListedSymbol:
    ticks = (it.tick_size for it in wire.filters if it.filter_type == "PRICE_FILTER")
    return ListedSymbol(
        name=wire.symbol,
        status=wire.status or wire.contract_status,
        contract_type=wire.contract_type,
        price_tick=_positive(next(ticks, None)),
    )


def _positive(text: str | None) -> Decimal | None:
    """Return the decimal; None for what is none, and for 0, by which spot means "no step"."""
    try:
        value = Decimal(text or "0")
        return value.normalize() if value.is_finite() and value > 0 else None
    except ArithmeticError:  # no number, or one beyond all numbers
        return None
