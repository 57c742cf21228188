import itertools
import json
from decimal import Decimal
from pathlib import Path

import attrs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import DAY_MS, Kline, KlineSeries
from alertd.market.past.rolling_day import KlinePath, MiniTicker, mini_tickers
from alertd.market.ticker import decode_ticker
from tests.market.past.kline_rows import DAY_MINUTES, MINUTE_MS, START_MS, flat, kline, series_of

HOUR_MS = 3_600_000
UNITS = 12  # the decimals that a plain integer counts below


def units(value: Decimal) -> int:
    whole = value.scaleb(UNITS)
    assert whole == int(whole)
    return int(whole)


def tickers(klines: list[Kline], path: KlinePath = KlinePath.CLOSE) -> list[MiniTicker]:
    return list(mini_tickers(series_of("XUSDT", klines), path=path))


def test_a_month_of_real_klines_equals_a_plain_recalculation_at_every_minute(
    klines_folder: Path,
) -> None:
    (series,) = find_klines([str(klines_folder)], symbols=["BTCUSDT"])
    klines = list(series.klines)
    highs, lows = ([units(getattr(k, side)) for k in klines] for side in ("high", "low"))
    volumes = [0, *itertools.accumulate(units(k.volume) for k in klines)]
    quotes = [0, *itertools.accumulate(units(k.quote_volume) for k in klines)]
    # The data has no gap, so a day is 1,440 rows wherever it begins.
    plain = [
        (
            klines[end - 1].open_time_ms + MINUTE_MS - 1,
            klines[end - 1].close,
            klines[end - DAY_MINUTES].open,
            max(highs[end - DAY_MINUTES : end]),
            min(lows[end - DAY_MINUTES : end]),
            volumes[end] - volumes[end - DAY_MINUTES],
            quotes[end] - quotes[end - DAY_MINUTES],
        )
        for end in range(DAY_MINUTES, len(klines) + 1)
    ]
    rolled = [
        (t.time_ms, t.close, t.open, *map(units, (t.high, t.low, t.volume, t.quote_volume)))
        for t in mini_tickers(attrs.evolve(series, klines=klines))
    ]
    assert len(rolled) == len(klines) - DAY_MINUTES + 1 > 40_000
    assert rolled == plain


def test_nothing_comes_before_the_last_kline_of_the_first_day() -> None:
    assert tickers(flat(range(DAY_MINUTES - 1))) == []


def test_the_first_ticker_is_of_the_day_that_ends_with_its_kline() -> None:
    first, *rest = tickers([kline(0, ["7", "8", "5", "6"]), *flat(range(1, DAY_MINUTES))])
    assert rest == []
    assert first == MiniTicker(
        symbol="XUSDT",
        time_ms=START_MS + DAY_MS - 1,
        close=Decimal(10),
        open=Decimal(7),
        high=Decimal(10),
        low=Decimal(5),
        volume=Decimal(3 + DAY_MINUTES - 1),
        quote_volume=Decimal(30 * DAY_MINUTES),
    )


def test_a_missing_kline_gives_no_ticker() -> None:
    minutes = [*range(DAY_MINUTES), DAY_MINUTES + 1]
    assert [ticker.time_ms for ticker in tickers(flat(minutes))] == [
        START_MS + DAY_MS - 1,
        START_MS + DAY_MS + 2 * MINUTE_MS - 1,
    ]


def test_the_window_goes_by_time_and_not_by_number() -> None:
    minutes = [*range(DAY_MINUTES), DAY_MINUTES + 99]
    assert tickers(flat(minutes))[-1].volume == DAY_MINUTES - 100 + 1


def test_after_a_gap_of_more_than_a_day_a_kline_stands_alone() -> None:
    *_, last = tickers([*flat(range(3)), kline(3 * DAY_MINUTES)])
    assert [last.open, last.high, last.low, last.volume] == [10, 12, 9, 3]


def test_warming_up_takes_24_hours_whatever_is_missing_in_them() -> None:
    (ticker,) = tickers([kline(0), kline(5), kline(DAY_MINUTES - 1)])
    assert ticker.volume == 9


@pytest.mark.parametrize(
    ("prices", "path"),
    [
        (["10", "12", "9", "11"], [10, 9, 12, 11]),
        (["10", "12", "9", "10"], [10, 9, 12, 10]),
        (["11", "12", "9", "10"], [11, 12, 9, 10]),
    ],
    ids=["rising", "unchanged", "falling"],
)
def test_on_the_ohlc_path_the_extreme_away_from_the_close_comes_first(
    prices: list[str], path: list[int]
) -> None:
    day = [*flat(range(DAY_MINUTES)), kline(DAY_MINUTES, prices)]
    assert [ticker.close for ticker in tickers(day, KlinePath.OHLC)[-4:]] == path


def test_on_the_ohlc_path_a_ticker_comes_at_the_end_of_every_quarter() -> None:
    times = [ticker.time_ms for ticker in tickers(flat(range(DAY_MINUTES + 1)), KlinePath.OHLC)]
    begin = START_MS + DAY_MS
    assert times == [begin - 1, *(begin + 15_000 * quarter - 1 for quarter in (1, 2, 3, 4))]


def test_on_the_ohlc_path_an_extreme_is_known_only_once_it_has_been() -> None:
    day = [*flat(range(DAY_MINUTES)), kline(DAY_MINUTES, ["10", "12", "9", "11"])]
    last = tickers(day, KlinePath.OHLC)[-4:]
    assert [ticker.low for ticker in last] == [10, 9, 9, 9]
    assert [ticker.high for ticker in last] == [10, 10, 12, 12]


def test_on_the_ohlc_path_the_volume_grows_by_a_quarter_each() -> None:
    day = [*flat(range(DAY_MINUTES)), kline(DAY_MINUTES, volume="0.01")]
    last = tickers(day, KlinePath.OHLC)[-4:]
    assert [ticker.volume - DAY_MINUTES + 1 for ticker in last] == [
        *(Decimal("0.0025"), Decimal("0.0050"), Decimal("0.0075"), Decimal("0.01")),
    ]


PRICES = st.decimals(min_value="0.001", max_value=1000, places=3)
VOLUMES = st.decimals(min_value=0, max_value=10**9, places=3)


@st.composite
def hours_with_gaps(draw: st.DrawFn) -> list[Kline]:
    klines, hour = [], 0
    for gap in draw(st.lists(st.sampled_from([1, 1, 1, 2, 5, 30]), min_size=20, max_size=80)):
        low, *between, high = sorted(draw(st.tuples(PRICES, PRICES, PRICES, PRICES)))
        open_, close = draw(st.permutations(between))
        volume, quote_volume = draw(VOLUMES), draw(VOLUMES)
        klines.append(Kline(hour * HOUR_MS, open_, high, low, close, volume, quote_volume))
        hour += gap
    return klines


def plain_day(klines: list[Kline], end_ms: int) -> MiniTicker:
    day = [kline for kline in klines if end_ms - DAY_MS <= kline.open_time_ms < end_ms]
    return MiniTicker(
        symbol="XUSDT",
        time_ms=end_ms - 1,
        close=day[-1].close,
        open=day[0].open,
        high=max(kline.high for kline in day),
        low=min(kline.low for kline in day),
        volume=sum((kline.volume for kline in day), Decimal(0)),
        quote_volume=sum((kline.quote_volume for kline in day), Decimal(0)),
    )


@settings(deadline=None, max_examples=50)
@given(hours_with_gaps())
def test_with_any_gaps_it_equals_a_plain_recalculation(klines: list[Kline]) -> None:
    ends = [kline.open_time_ms + HOUR_MS for kline in klines]
    series = KlineSeries(symbol="XUSDT", interval_ms=HOUR_MS, klines=klines)
    assert list(mini_tickers(series)) == [plain_day(klines, end) for end in ends if end >= DAY_MS]


def up_to(kline: Kline, quarter: int) -> Kline:
    rises = kline.close >= kline.open
    extremes = [kline.low, kline.high] if rises else [kline.high, kline.low]
    seen = [kline.open, *extremes, kline.close][:quarter]
    return msgspec.structs.replace(
        kline,
        close=seen[-1],
        high=max(seen),
        low=min(seen),
        volume=kline.volume * quarter / 4,
        quote_volume=kline.quote_volume * quarter / 4,
    )


@settings(deadline=None, max_examples=50)
@given(hours_with_gaps())
def test_with_any_gaps_the_ohlc_path_equals_a_plain_recalculation(klines: list[Kline]) -> None:
    plain = []
    for index, latest in enumerate(klines):
        for quarter in (1, 2, 3, 4):
            end = latest.open_time_ms + quarter * HOUR_MS // 4
            if end >= DAY_MS:
                plain.append(plain_day([*klines[:index], up_to(latest, quarter)], end))
    series = KlineSeries(symbol="XUSDT", interval_ms=HOUR_MS, klines=klines)
    assert list(mini_tickers(series, path=KlinePath.OHLC)) == plain


def test_sums_of_very_different_sizes_do_not_drift() -> None:
    first, second = (
        kline(0, volume="99999999999999999999"),
        kline(1, volume="0.00000000000000000001"),
    )
    days = [first, second, *flat(range(2, DAY_MINUTES + 2), "10")]
    assert [str(ticker.volume) for ticker in tickers(days)] == [
        f"{99999999999999999999 + DAY_MINUTES - 2}.00000000000000000001",
        f"{DAY_MINUTES - 1}.00000000000000000001",
        f"{DAY_MINUTES}.00000000000000000000",
    ]


def test_the_frame_is_what_the_exchange_sends() -> None:
    numbers = ("0.0025", "0.0010", "0.0025", "0.0010", "10000", "18")
    day = MiniTicker("BTCUSDT", 123456789, *map(Decimal, numbers))
    assert day.frame() == (
        '{"e":"24hrMiniTicker","E":123456789,"s":"BTCUSDT","c":"0.0025","o":"0.0010",'
        '"h":"0.0025","l":"0.0010","v":"10000","q":"18"}'
    )


def test_the_frame_has_no_exponents() -> None:
    small, great = Decimal("1E-7"), Decimal("1E+7")
    frame = json.loads(MiniTicker("XUSDT", 1, small, small, small, small, great, great).frame())
    assert (frame["c"], frame["q"]) == ("0.0000001", "10000000")


def test_a_symbol_that_is_not_ascii_stands_in_the_frame_as_it_is() -> None:
    one = Decimal(1)
    assert '"s":"币安人生USDT"' in MiniTicker("币安人生USDT", 1, *[one] * 6).frame()


SIZES = st.decimals(min_value="1e-18", max_value="1e18", allow_nan=False)


@settings(deadline=None)
@given(st.lists(SIZES, min_size=6, max_size=6))
def test_the_daemon_reads_the_frame_as_the_ticker_that_it_gives(sizes: list[Decimal]) -> None:
    close, open_, volume, quote_volume, *others = sizes
    low, high = sorted(others)
    day = MiniTicker("XUSDT", START_MS, close, open_, high, low, volume, quote_volume)
    assert decode_ticker(day.frame()) == day.ticker()
