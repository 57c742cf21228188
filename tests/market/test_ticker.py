"""The door: what is let in as a ticker, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.market.ticker import BadFrameError, Ticker, decode_combined, decode_ticker

# The example of the exchange's own page.
WIRE = {
    "e": "24hrMiniTicker",
    "E": 123456789,
    "s": "BTCUSDT",
    "c": "0.0025",
    "o": "0.0010",
    "h": "0.0025",
    "l": "0.0010",
    "v": "10000",
    "q": "18",
}


def frame(**changes: object) -> str:
    return json.dumps(WIRE | changes)


def test_the_exchange_s_own_example_is_read():
    assert decode_ticker(frame()) == Ticker(
        symbol="BTCUSDT",
        time_ms=123456789,
        close=0.0025,
        open=0.001,
        high=0.0025,
        low=0.001,
        volume=10000.0,
        quote_volume=18.0,
    )


def test_a_frame_of_bytes_is_read_as_well():
    assert decode_ticker(frame().encode()) == decode_ticker(frame())


def test_keys_that_are_not_known_are_no_error():
    assert decode_ticker(frame(ps="BTCUSDT", st=1, new={"a": [1]})) == decode_ticker(frame())


def test_a_symbol_need_not_be_ascii():
    assert decode_ticker(frame(s="币安人生USDT")).symbol == "币安人生USDT"


def test_a_ticker_cannot_be_changed():
    with pytest.raises(AttributeError):
        decode_ticker(frame()).close = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("key", ["E", "s", "c", "o", "h", "l", "v", "q"])
def test_a_missing_key_is_refused(key: str):
    without = json.dumps({name: value for name, value in WIRE.items() if name != key})
    with pytest.raises(BadFrameError, match=f"`{key}`"):
        decode_ticker(without)


@pytest.mark.parametrize("key", ["c", "o", "h", "l", "v", "q"])
@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-Infinity", "1e999", "-1", "", "x", None, []]
)
def test_a_number_that_is_not_finite_and_sound_is_refused(key: str, value: object):
    with pytest.raises(BadFrameError):
        decode_ticker(frame(**{key: value}))


@pytest.mark.parametrize("key", ["c", "o", "h", "l"])
@pytest.mark.parametrize("price", ["0", "1e-19"])
def test_a_price_of_next_to_nothing_is_refused(key: str, price: str):
    with pytest.raises(BadFrameError, match=rf">= 1e-18 - at `\$.{key}`"):
        decode_ticker(frame(**{key: price}))


@pytest.mark.parametrize("key", ["c", "o", "h", "l", "v", "q"])
def test_a_number_beyond_all_markets_is_refused(key: str):
    with pytest.raises(BadFrameError, match=rf"<= 1e\+(18|30) - at `\$.{key}`"):
        decode_ticker(frame(**{key: "1e31"}))


def test_a_volume_of_zero_is_fine():
    assert decode_ticker(frame(v="0", q="0.000")).volume == 0


@pytest.mark.parametrize(
    "changes",
    [{"E": 0}, {"E": -5}, {"E": 4_102_444_800_000}, {"E": 10**18}, {"s": ""}, {"h": "0.0009"}],
)
def test_what_cannot_be_is_refused(changes: dict[str, object]):
    with pytest.raises(BadFrameError):
        decode_ticker(frame(**changes))


def test_a_high_below_the_low_says_so():
    with pytest.raises(BadFrameError, match=r"the high, 0\.0009, is below the low, 0\.001"):
        decode_ticker(frame(h="0.0009"))


def test_a_ticker_among_several_streams_is_read_and_checked_alike():
    wrapped = json.dumps({"stream": "btcusdt@miniTicker", "data": WIRE})
    assert decode_combined(wrapped) == decode_ticker(frame())
    for bad in (frame(), '{"data": null}', wrapped.replace('"0.0010"', '"NaN"')):
        with pytest.raises(BadFrameError):
            decode_combined(bad)
    with pytest.raises(BadFrameError, match="is below the low"):
        decode_combined(json.dumps({"stream": "x", "data": WIRE | {"h": "0.0009"}}))


def test_another_event_is_refused():
    with pytest.raises(BadFrameError, match="serverShutdown"):
        decode_ticker(frame(e="serverShutdown"))


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "{",
        "null",
        "[]",
        "17",
        '{"result":null,"id":1}',
        b"\xff\xfe",
        "{" * 100000,
        '{"x":' + "[" * 100000,
        '{"data":{"x":' + "[" * 100000,
    ],
)
def test_garbage_is_refused(garbage: str | bytes):
    with pytest.raises(BadFrameError):
        decode_ticker(garbage)


@given(st.text() | st.binary())
def test_no_text_and_no_bytes_raise_anything_but_a_bad_frame(garbage: str | bytes):
    with pytest.raises(BadFrameError):
        decode_ticker(garbage)


@given(st.fixed_dictionaries({key: st.text("0123456789.-+eE", max_size=6) for key in "cohlvq"}))
def test_what_is_let_in_is_sound(changes: dict[str, str]):
    try:
        ticker = decode_ticker(frame(**changes))
    except BadFrameError:
        return
    assert 0 < ticker.low <= ticker.high < float("inf")
    assert min(ticker.close, ticker.open) > 0
    assert min(ticker.volume, ticker.quote_volume) >= 0
