"""What comes of a replay: every alert, in order, and how far it went."""

from pathlib import Path

import attrs
import pytest

from alertd.market.past.klines import KlinesError
from alertd.market.ticker import Ticker
from alertd.replay.playing import Unfinished, play
from alertd.replay.progress import Progress
from tests.replay.reels import START_MS, ListedReel, crossing, rules_of, ticker, zigzag


def test_an_alert_says_all_that_made_it(tmp_path: Path):
    rules = rules_of(
        tmp_path, "rules: {up: {symbols: BTCUSDT, severity: critical, when: {close: {above: 100}}}}"
    )
    replay = play(rules, [zigzag("BTCUSDT", ticks=2)], folder=tmp_path)
    (alert,) = replay.alerts()
    assert (alert.time_ms, alert.rule, alert.symbol) == (START_MS + 1000, "up", "BTCUSDT")
    assert (alert.state, alert.severity) == ("firing", "critical")
    assert (alert.value, alert.threshold, alert.metrics["close"]) == (110, 100, 110)
    assert "BTCUSDT" in alert.title


def test_the_threshold_of_a_band_is_two_numbers(tmp_path: Path):
    rules = rules_of(tmp_path, "rules: {in: {symbols: all, when: {close: {between: [100, 120]}}}}")
    replay = play(rules, [zigzag("BTCUSDT", ticks=2)], folder=tmp_path)
    assert [alert.threshold for alert in replay.alerts()] == [(100, 120)]


def test_a_metric_that_is_undefined_is_left_out(tmp_path: Path):
    nothing_traded = Ticker("BTCUSDT", START_MS, 110, 110, 110, 110, 0, 0)
    rules = rules_of(tmp_path, "rules: {up: {symbols: all, when: {close: {above: 100}}}}")
    (alert,) = play(rules, [ListedReel("it", [nothing_traded])], folder=tmp_path).alerts()
    assert not {"vwap", "range_position"} & alert.metrics.keys()


def test_alerts_of_all_reels_come_in_the_order_of_time_then_of_symbols(tmp_path: Path):
    reels = [zigzag("ETHUSDT", ticks=4), zigzag("BTCUSDT", ticks=6)]
    replay = play(crossing(tmp_path), reels, folder=tmp_path)
    told = [((alert.time_ms - START_MS) // 1000, alert.symbol) for alert in replay.alerts()]
    assert told == [(1, "BTCUSDT"), (1, "ETHUSDT"), (3, "BTCUSDT"), (3, "ETHUSDT"), (5, "BTCUSDT")]


def test_alerts_of_one_tick_come_in_the_order_of_the_rules(tmp_path: Path):
    rules = rules_of(
        tmp_path,
        "rules:\n  second: {symbols: all, when: {close: {above: 100}}}\n"
        "  first: {symbols: all, when: {close: {above: 101}}}\n",
    )
    replay = play(rules, [zigzag("BTCUSDT", ticks=2)], folder=tmp_path)
    assert [alert.rule for alert in replay.alerts()] == ["second", "first"]


def test_the_alerts_can_be_asked_for_again(tmp_path: Path):
    replay = play(crossing(tmp_path), [zigzag("BTCUSDT", ticks=8)], folder=tmp_path)
    assert list(replay.alerts()) == list(replay.alerts())


def test_a_reel_of_many_symbols_plays_each_by_its_own_rules(tmp_path: Path):
    mixed = [ticker(0, 90, "B"), ticker(0, 90, "A"), ticker(1, 110, "B"), ticker(1, 110, "A")]
    replay = play(crossing(tmp_path, "A"), [ListedReel("recorded", mixed)], folder=tmp_path)
    assert [alert.symbol for alert in replay.alerts()] == ["A"]
    assert [span.symbol for span in replay.spans] == ["A"]


def test_a_span_says_how_much_of_a_symbol_was_played(tmp_path: Path):
    (span,) = play(crossing(tmp_path), [zigzag("A", ticks=9_000)], folder=tmp_path).spans
    assert (span.ticks, span.first_ms, span.last_ms) == (9_000, START_MS, START_MS + 8_999_000)


def test_a_symbol_that_begins_later_leaves_the_others_as_they_stand(tmp_path: Path):
    once = rules_of(
        tmp_path, "rules: {up: {symbols: all, once: true, when: {close: {above: 100}}}}"
    )
    tickers = [*zigzag("A", ticks=9_000).listed, ticker(9_000, 110, "B"), ticker(9_001, 110, "A")]
    replay = play(once, [ListedReel("recorded", tickers)], folder=tmp_path)
    assert [alert.symbol for alert in replay.alerts()] == ["A", "B"]
    assert [span.ticks for span in replay.spans] == [9_001, 1]


def test_where_time_goes_back_a_span_still_begins_before_it_ends(tmp_path: Path):
    later = [ticker(it, 110 if it % 2 else 90, "A") for it in range(10_000, 15_000)]
    reel = ListedReel("recorded", [*later, *zigzag("A", ticks=4).listed])
    replay = play(crossing(tmp_path), [reel], folder=tmp_path)
    (span,) = replay.spans
    assert span.first_ms < span.last_ms
    assert sum(1 for _ in replay.alerts()) == 2_502


def test_rules_that_are_not_enabled_are_left_out(tmp_path: Path):
    rules = rules_of(tmp_path, "rules: {up: {symbols: all, when: {close: {above: 100}}}}")
    off = [attrs.evolve(rule, enabled=False) for rule in rules]
    assert not list(play(off, [zigzag("A", ticks=4)], folder=tmp_path).alerts())


def test_each_reel_begins_with_rules_that_have_seen_nothing(tmp_path: Path):
    once = rules_of(
        tmp_path, "rules: {up: {symbols: all, once: true, when: {close: {above: 100}}}}"
    )
    reels = [zigzag("A", ticks=4), zigzag("B", ticks=4)]
    replay = play(once, reels, folder=tmp_path)
    assert [alert.symbol for alert in replay.alerts()] == ["A", "B"]


def test_a_recording_was_played_up_to_its_newest_ticker(tmp_path: Path):
    tickers = [ticker(0, 90, "A"), *zigzag("B", ticks=9_000).listed]
    told: list[Progress] = []
    replay = play(
        crossing(tmp_path),
        [ListedReel("recorded", tickers)],
        folder=tmp_path,
        report=told.append,
        stopped=lambda: len(told) == 1,
    )
    assert replay.unfinished == (Unfinished("recorded", replay.spans[1].last_ms),)


def test_a_mistake_in_a_file_ends_it(tmp_path: Path):
    broken = ListedReel("A", [ticker(0, 90)], mistake="A.csv:17: sort the lines")
    with pytest.raises(KlinesError, match=r"A\.csv:17"):
        play(crossing(tmp_path), [broken], folder=tmp_path)


def test_what_was_played_until_it_was_stopped_is_what_comes_of_it(tmp_path: Path):
    told: list[Progress] = []
    replay = play(
        crossing(tmp_path),
        [zigzag("A", ticks=20_000), zigzag("B", ticks=10)],
        folder=tmp_path,
        report=told.append,
        stopped=lambda: len(told) == 2,
    )
    (span,) = replay.spans
    assert span.symbol == "A"
    assert 0 < span.ticks < 20_000
    assert replay.unfinished == (Unfinished("A", span.last_ms), Unfinished("B", None))
    assert sum(1 for _ in replay.alerts()) == span.ticks // 2
