"""The exchange's list of symbols: what is read of it, and what patterns stand for in it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from alertd.market.exchange_info import BadExchangeInfoError, parse_exchange_info
from alertd.market.listing import Changes, Fault, ListedSymbol, Listing
from tests.market.rest_servers import exchange_info, listing_of, real_exchange_info, symbol


def parsed(*symbols: dict[str, object], market: str = "usdm") -> Listing:
    return parse_exchange_info(exchange_info(symbols), market=market, fetched_ms=5)


@pytest.fixture(scope="module")
def real(klines_folder: Path) -> Listing:
    return parse_exchange_info(real_exchange_info(klines_folder), market="usdm", fetched_ms=5)


def test_a_symbol_of_usdm_is_read_whole():
    listing = parsed(symbol("BTCUSDT", contractType="PERPETUAL", pair="BTCUSDT"))
    assert listing == Listing(
        "usdm", 5, {"BTCUSDT": ListedSymbol("BTCUSDT", "TRADING", "PERPETUAL", Decimal("0.1"))}
    )


def test_coinm_says_the_status_under_another_name():
    wire = {"symbol": "BTCUSD_PERP", "contractStatus": "TRADING", "contractSize": 100}
    assert parsed(wire, market="coinm").trading == ("BTCUSD_PERP",)


def test_spot_has_no_contract_type():
    listed = parsed(symbol("BTCUSDT", isSpotTradingAllowed=True), market="spot").symbols
    assert listed["BTCUSDT"].contract_type == ""


@pytest.mark.parametrize("tick", ["0", "0.00000000", "", "many", "NaN", "-1", None])
def test_a_price_tick_that_says_nothing_is_none(tick: str | None):
    filters = [{"filterType": "PRICE_FILTER", "tickSize": tick}]
    assert parsed(symbol("BTCUSDT", filters=filters)).symbols["BTCUSDT"].price_tick is None


@pytest.mark.parametrize(
    "status",
    ["PENDING_TRADING", "PRE_SETTLE", "SETTLING", "CLOSE", "DELIVERED", "HALT", "BREAK", "", "new"],
)
def test_only_what_is_trading_trades(status: str):
    assert parsed(symbol("BTCUSDT"), symbol("OLDUSDT", status)).trading == ("BTCUSDT",)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"symbols": 5}', b'{"symbols": [{"status": "TRADING"}]}', b"\xff"],
)
def test_what_is_no_list_of_symbols_is_refused(body: bytes):
    with pytest.raises(BadExchangeInfoError, match="no list of symbols"):
        parse_exchange_info(body, market="usdm", fetched_ms=5)


def test_a_list_in_which_nothing_trades_is_refused():
    with pytest.raises(BadExchangeInfoError, match="none of the 1 symbols listed trades"):
        parsed(symbol("BTCUSDT", "BREAK"))


def test_a_name_that_cannot_be_printed_is_left_out():
    assert parsed(symbol("BTC\x1b[31m"), symbol(""), symbol("BTCUSDT")).trading == ("BTCUSDT",)


def test_keys_of_any_shape_that_are_not_known_are_no_error():
    wire = symbol("BTCUSDT", permissionSets=[["SPOT"]], status2=None, underlyingSubType=[])
    assert json.dumps(wire)
    assert parsed(wire).trading == ("BTCUSDT",)


def test_the_real_list_is_read_whole(real: Listing):
    assert (len(real.symbols), len(real.trading)) == (697, 573)


def test_all_is_every_real_symbol_that_trades(real: Listing):
    assert real.expand(["all"]) == real.trading
    assert all(real.symbols[name].status == "TRADING" for name in real.trading)


def test_globs_over_the_real_list_match_what_their_letters_say(real: Listing):
    usdt = real.expand(["*USDT"])
    assert set(usdt) == {name for name in real.trading if name.endswith("USDT")}
    assert len(usdt) > 500


def test_what_is_excluded_from_the_real_list_is_not_in_it(real: Listing):
    left = real.expand(["*USDT"], ["USDCUSDT", "1000*"])
    expected = {n for n in real.expand(["*USDT"]) if n != "USDCUSDT" and not n.startswith("1000")}
    assert set(left) == expected
    assert "USDCUSDT" in real.trading


def test_the_real_symbols_that_are_not_ascii_are_found_by_globs(real: Listing):
    names = [name for name in real.trading if not name.isascii()]
    assert "币安人生USDT" in names
    assert real.expand(["币安*"]) == ("币安人生USDT",)
    assert set(names) <= set(real.expand(["[!A-Z0-9]*"]))


def test_names_come_in_the_order_of_the_patterns_and_once():
    listing = listing_of("AAVEUSDT", "BTCUSDT", "ETHUSDT")
    assert listing.expand(["ETHUSDT", "*USDT", "BTCUSDT"]) == ("ETHUSDT", "AAVEUSDT", "BTCUSDT")


def test_upper_and_lower_case_differ():
    assert listing_of("BTCUSDT").expand(["btc*"]) == ()


def test_a_name_that_does_not_trade_stands_for_nothing():
    listing = parsed(symbol("BTCUSDT"), symbol("OLDUSDT", "SETTLING"))
    assert listing.expand(["OLDUSDT", "NEWUSDT"]) == ()


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("BTCUSDT", None),
        ("BTC*", None),
        ("all", None),
        ("BTCUSD", Fault.UNKNOWN),
        ("OLDUSDT", Fault.NOT_TRADING),
        ("OLD*", Fault.MATCHES_NOTHING),
    ],
)
def test_a_pattern_for_nothing_has_its_reason(pattern: str, fault: Fault | None):
    listing = parsed(symbol("BTCUSDT"), symbol("OLDUSDT", "SETTLING"))
    assert listing.fault_of(pattern) is fault


def test_changes_are_what_began_and_what_ceased_to_trade():
    older = parsed(symbol("A"), symbol("B"), symbol("C"), symbol("D", "PENDING_TRADING"))
    newer = parsed(symbol("A"), symbol("C", "SETTLING"), symbol("D"), symbol("E"))
    assert newer.changes_since(older) == Changes(new=("D", "E"), gone=("B", "C"))


def test_no_change_is_none():
    assert not listing_of("A", "B").changes_since(listing_of("B", "A"))


def test_what_is_listed_no_longer_is_remembered_as_such():
    newer = listing_of("BTCUSDT").remembering(listing_of("BTCUSDT", "LUNAUSDT"))
    assert newer.fault_of("LUNAUSDT") is Fault.NOT_TRADING
    assert newer.symbols["LUNAUSDT"].status == "DELISTED"


def test_what_is_listed_again_trades_again():
    gone = listing_of("BTCUSDT").remembering(listing_of("BTCUSDT", "LUNAUSDT"))
    assert "LUNAUSDT" in listing_of("BTCUSDT", "LUNAUSDT").remembering(gone).trading


def test_a_name_that_only_pauses_can_be_kept_as_if_it_traded():
    listing = listing_of("BTCUSDT").remembering(listing_of("OLDUSDT"))
    listing = parsed(symbol("BTCUSDT"), symbol("HALTUSDT", status="BREAK")).remembering(listing)
    kept = listing.keeping(["BTCUSDT", "HALTUSDT", "OLDUSDT", "NONEUSDT"])
    assert (listing.trading, kept.trading) == (("BTCUSDT",), ("BTCUSDT", "HALTUSDT"))


def test_keeping_what_trades_anyway_keeps_the_listing():
    listing = listing_of("BTCUSDT")
    assert listing.keeping(["BTCUSDT"]) is listing
