"""A real market, spread over processes: what one engine says that sees everything in the order of time."""

from datetime import UTC, datetime
from pathlib import Path

from alertd.config.watchlist import is_for
from alertd.engine.engine import Engine
from alertd.market.past.kline_files import find_klines
from alertd.market.past.reels import find_reels
from alertd.market.past.tape import Tape
from alertd.replay.playing import play
from tests.packs import packs

SYMBOLS = ("BTCUSDT", "ETHUSDT", "LAYERUSDT")
END_MS = int(datetime(2025, 5, 7, tzinfo=UTC).timestamp() * 1000)


def test_spread_over_processes_a_market_gives_what_one_engine_says(
    klines_folder: Path, tmp_path: Path
):
    folder = [str(klines_folder)]
    rules = [rule for pack in packs().values() for rule in pack if rule.enabled]
    reels = find_reels(folder, symbols=SYMBOLS, end_ms=END_MS)
    replay = play(rules, reels, folder=tmp_path, processes=2)
    engine = Engine({it: [rule for rule in rules if is_for(rule, it)] for it in SYMBOLS})
    expected = [
        (alert.time_ms, alert.symbol, alert.rule.name, alert.state.value, alert.value)
        for ticker in Tape(find_klines(folder, symbols=SYMBOLS), end_ms=END_MS)
        for alert in engine.update(ticker.ticker())
    ]
    assert [
        (it.time_ms, it.symbol, it.rule, it.state, it.value) for it in replay.alerts()
    ] == expected
    assert expected
