from alertd.market.past.klines import DAY_MS
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.tape import Tape
from tests.market.past.kline_rows import DAY_MINUTES, MINUTE_MS, START_MS, flat, series_of

END_OF_DAY_MS = START_MS + DAY_MS - 1
SERIES = (
    series_of("YUSDT", flat(range(DAY_MINUTES + 3))),
    series_of("XUSDT", flat(range(1, DAY_MINUTES + 3))),
)


def played(tape: Tape) -> list[tuple[int, str]]:
    return [((ticker.time_ms - END_OF_DAY_MS) // MINUTE_MS, ticker.symbol) for ticker in tape]


def test_all_symbols_are_merged_by_event_time() -> None:
    assert played(Tape(SERIES)) == [
        (0, "YUSDT"),
        *((1, "YUSDT"), (1, "XUSDT")),
        *((2, "YUSDT"), (2, "XUSDT")),
        *((3, "YUSDT"), (3, "XUSDT")),
    ]


def test_only_what_lies_between_start_and_end_is_played() -> None:
    start_ms = END_OF_DAY_MS + MINUTE_MS
    assert played(Tape(SERIES, start_ms=start_ms, end_ms=start_ms + MINUTE_MS)) == [
        (1, "YUSDT"),
        (1, "XUSDT"),
    ]


def test_klines_before_the_start_fill_the_day() -> None:
    first = next(iter(Tape(SERIES, start_ms=END_OF_DAY_MS + MINUTE_MS)))
    assert first.volume == DAY_MINUTES


def test_it_can_be_played_again() -> None:
    tape = Tape(SERIES, path=KlinePath.OHLC)
    assert played(tape) == played(tape)


def test_it_names_its_symbols() -> None:
    assert Tape(SERIES).symbols == ("YUSDT", "XUSDT")
