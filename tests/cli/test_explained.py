"""What `alertd explain` shows, on a terminal of 80 columns."""

import io
from typing import Any

import attrs
import pytest
from rich.cells import cell_len
from rich.console import Console

from alertd.cli.explained import shown_rule
from alertd.engine.alert import Alert, AlertState
from alertd.engine.condition import Amount, Band, Comparison, Level
from alertd.engine.explanation import Explained, Explanation, HeldBack
from alertd.engine.life import Life, Phase, Verdict
from alertd.engine.metrics import METRICS
from alertd.web import answers, explain_answers
from alertd.web.views import explained, standing
from tests.cli.past_alerts import delivery, past_alert
from tests.web.explanations import NOW_MS, TICKER, all_of, any_of, compared, explanation_of, none_of

ABOVE = compared("close", "above", 100_000.0, 99_850.1, true=False, since_ms=NOW_MS - 723_000)


def shown(*explanations: Explanation) -> list[str]:
    """The lines without colours and trailing blanks; none is wider than the terminal."""
    file = io.StringIO()
    console = Console(file=file, width=80, highlight=False)
    console.print(shown_rule(explained(explanations[0].rule, map(standing, explanations))))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert max(map(cell_len, lines)) <= 80
    return lines


def unseen(*symbols: str) -> list[str]:
    """What is shown of symbols whose streams are down."""
    file = io.StringIO()
    explanations = [explanation_of(ABOVE, symbol=symbol) for symbol in symbols]
    standings = [standing(it, streaming=False) for it in explanations]
    console = Console(file=file, width=80, highlight=False)
    console.print(shown_rule(explained(explanations[0].rule, standings)))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def detail(condition: Explained) -> str:
    """What is said of a comparison's value."""
    return shown(explanation_of(condition))[2].strip()


def fact(label: str, explanation: Explanation) -> str | None:
    """What is said under a label."""
    found = [line for line in shown(explanation) if line.startswith(label + " ")]
    return found[0].removeprefix(label).strip() if found else None


def with_rule(explanation: Explanation, **keys: Any) -> Explanation:
    return attrs.evolve(explanation, rule=attrs.evolve(explanation.rule, **keys))


def test_a_condition_is_a_tree_of_its_parts():
    undefined = compared("vwap", "above", 1.0, None, true=None)
    tree = all_of(ABOVE, any_of(undefined, none_of(ABOVE, true=True), true=True))
    assert shown(explanation_of(tree))[:14] == [
        "a-rule on BTCUSDT",
        "✗ all of: false",
        "├── ✗ close above 100000",
        "│     now 99850.1, has to rise 149.9 (0.15%)",
        "│     false since 22:01:17 (12m 3s)",
        "└── ✓ any of: true",
        "    ├── ? vwap above 1",
        "    │     now n/a",
        "    │     cannot be told: undefined",
        "    └── ✓ not: true",
        "        └── ✗ close above 100000",
        "              now 99850.1, has to rise 149.9 (0.15%)",
        "              false since 22:01:17 (12m 3s)",
        "",
    ]


def test_what_is_not_streaming_is_said_to_be_old():
    assert "feed        not streaming now: all of this is as of that ticker" in unseen("BTCUSDT")
    assert unseen("AUSDT", "BUSDT", "CUSDT", "DUSDT")[2] == (
        "not streaming now, as of the last ticker: 4 of 4 (AUSDT, BUSDT, CUSDT, ...)"
    )


def test_without_a_ticker_and_a_stream_nothing_is_coming_in():
    explanation = attrs.evolve(explanation_of(ABOVE), ticker=None, condition=None)
    answer = explained(explanation.rule, [standing(explanation, streaming=False)])
    file = io.StringIO()
    Console(file=file, width=80).print(shown_rule(answer))
    assert "no ticker yet, and none is coming in: nothing is known" in file.getvalue()


def test_a_level_that_is_another_metric_is_named_with_its_value():
    vwap = compared("close", "above", METRICS["vwap"], 99_850.1, true=False, threshold=100_000.0)
    assert detail(vwap) == "now 99850.1, has to rise 149.9 (0.15%) to 100000"


def test_the_rung_of_a_ladder_is_named():
    every = compared(
        "close", "crosses_every", Amount(1000.0), 99_850.1, true=False, threshold=100_000.0
    )
    assert detail(every) == "now 99850.1, has to rise 149.9 (0.15%) to 100000"


def kept(operator: str, level: Level, value: float) -> Explained:
    """A comparison that nothing but its rearm keeps true."""
    found = compared("close", operator, level, value, true=True, rearm=Amount(500.0))
    assert found.reading is not None
    return attrs.evolve(found, reading=attrs.evolve(found.reading, kept=True))


def test_what_only_rearm_keeps_true_says_where_it_has_to_come_back_to():
    assert detail(kept("above", 100_000.0, 99_850.1)) == "now 99850.1, not back at 99500 yet"
    band = Band(100_000.0, 110_000.0)
    assert detail(kept("between", band, 99_850.1)) == (
        "now 99850.1, not out of 99500 to 110500 yet"
    )
    assert detail(kept("outside", band, 100_100.0)) == (
        "now 100100, not back in 100500 to 109500 yet"
    )


@pytest.mark.parametrize(
    ("operator", "level", "words"),
    [
        ("crosses_above", 100_000.0, "not ready before 99500 or less"),
        ("crosses_below", 99_000.0, "not ready before 99500 or more"),
        ("crosses", 100_000.0, "not ready before 99500 or less, or 100500 or more"),
        ("enters", Band(100_000.0, 110_000.0), "not ready before 99500 or less, or 110500 or more"),
        ("leaves", Band(100_000.0, 110_000.0), "not ready before it is within 100500 to 109500"),
    ],
)
def test_an_event_that_is_not_ready_says_what_it_waits_for(operator: str, level: Level, words: str):
    part = compared("close", operator, level, 99_850.1, true=False, rearm=Amount(500.0))
    assert detail(attrs.evolve(part, latched=True)) == f"now 99850.1, {words}"
    assert "not ready" not in detail(attrs.evolve(part, latched=True, true=True))
    assert "not ready" not in detail(part)


def test_the_last_alert_of_a_not_says_what_was_not_so():
    assert ABOVE.reading is not None
    explanation = explanation_of(none_of(ABOVE, true=True))
    alert = Alert(
        rule=explanation.rule,
        symbol="BTCUSDT",
        state=AlertState.FIRING,
        time_ms=NOW_MS,
        held_for_ms=0,
        readings=(ABOVE.reading,),
        ticker=TICKER,
    )
    assert fact("last alert", attrs.evolve(explanation, last_alert=alert)) == (
        "22:13:20 (0s before): not close above 100000 (at 99850.1)"
    )


def test_a_record_that_was_not_broken_says_so():
    former = compared("close", "new_high", None, 99_850.1, true=False, threshold=99_850.1)
    assert detail(former) == "now 99850.1, as high as before"
    waiting = compared("close", "new_low", None, 99_850.1, true=None)
    assert detail(waiting) == "now 99850.1, nothing to compare with yet"


def test_an_event_that_may_never_be_told_again_waits_for_nothing():
    crosses = compared("close", "crosses_above", 100_000.0, 99_850.1, true=False)
    explanation = explanation_of(crosses)
    assert fact("state", explanation) == "waits: it fires on the ticker on which it happens"
    disarmed = attrs.evolve(explanation, life=Life(disarmed=True))
    assert fact("state", disarmed) == "disarmed: it has fired once"
    assert fact("state", with_rule(explanation, expires_ms=NOW_MS)) == "over: it has expired"


def test_a_value_that_has_to_fall_is_said_so():
    assert detail(compared("close", "below", 99_000.0, 99_850.1, true=False)) == (
        "now 99850.1, has to fall 850.1 (0.85%)"
    )


def test_a_value_that_is_past_its_level_is_said_so():
    assert detail(compared("close", "above", 99_000.0, 99_850.1, true=True)) == (
        "now 99850.1, 850.1 (0.85%) beyond 99000"
    )


def test_a_value_inside_a_band_is_so_far_from_its_bound():
    assert detail(compared("close", "between", Band(99_000.0, 110_000.0), 99_850.1, true=True)) == (
        "now 99850.1, 850.1 (0.85%) from a bound of 99000 to 110000"
    )


def test_a_move_falls_short():
    assert detail(compared("close", "falls", Amount(3.0, percent=True), 2.25, true=False)) == (
        "now 2.25%, 0.75 points short"
    )


def test_a_value_at_its_level_is_exactly_there():
    assert detail(compared("close", "above", 100.0, 100.0, true=False)) == "now 100, exactly there"


def test_a_near_miss_does_not_look_like_a_hit():
    assert detail(compared("close", "above", 99_850.2, 99_850.1, true=False)) == (
        "now 99850.1, has to rise 0.1 (<0.01%)"
    )


def test_an_event_says_when_it_last_happened():
    for since_ms, true, said in (
        (None, False, "has not happened"),
        (NOW_MS - 61_000, False, "last happened 22:12:19 (1m 1s before)"),
        (NOW_MS - 86_400_000, False, "last happened 2023-11-13 22:13:20 (1d before)"),
        (NOW_MS, True, "happens now"),
        (None, None, "cannot be told yet"),
    ):
        event = compared("close", "crosses_above", 1.0, 2.0, true=true, since_ms=since_ms)
        assert shown(explanation_of(event))[3].strip() == said


def test_a_rule_that_is_pending_says_how_much_of_its_for_is_left():
    pending = Life(phase=Phase.PENDING, true_since_ms=NOW_MS - 12_000)
    explanation = with_rule(
        explanation_of(ABOVE, life=pending, verdict=Verdict.NOT_HELD, due_ms=NOW_MS + 18_000),
        hold_for_ms=30_000,
    )
    assert fact("state", explanation) == "pending, true for 12s of 30s"
    assert fact("may fire", explanation) == "22:13:38 (in 18s)"


def test_a_rule_that_fires_says_when_it_does_again():
    firing = Life(phase=Phase.FIRING, true_since_ms=NOW_MS - 720_000)
    explanation = explanation_of(ABOVE, life=firing, verdict=Verdict.FIRES, due_ms=NOW_MS + 60_000)
    assert fact("state", explanation) == "firing, true for 12m"
    assert fact("repeats", explanation) == "22:14:20 (in 1m)"


def test_what_keeps_a_rule_from_speaking_is_said():
    explanation = with_rule(
        explanation_of(ABOVE, life=Life(disarmed=True, dropped=2), cooldown_left_ms=123_456),
        name="my 'rule'",
        cooldown_ms=900_000,
        expires_ms=NOW_MS - 60_000,
    )
    assert fact("expired", explanation) == "22:12:20 (1m before)"
    assert fact("cooldown", explanation) == "2m 3s left of 15m"
    assert fact("dropped", explanation) == "2 since the last alert: each happened and was not told"
    disarmed = fact("disarmed", explanation)
    assert disarmed is not None
    assert """`alertd rearm 'my '"'"'rule'"'"'' BTCUSDT`""" in disarmed


def test_what_held_it_back_is_said_with_its_time():
    held_back = HeldBack(Verdict.INACTIVE, NOW_MS - 3_600_000)
    assert fact("held back", explanation_of(ABOVE, held_back=held_back)) == (
        "21:13:20 (1h before): true, but outside its active hours"
    )


def test_of_several_parts_the_furthest_is_named():
    explanation = explanation_of(
        all_of(ABOVE, compared("range_percent", "at_least", 12.0, 3.0, true=False))
    )
    assert fact("to go", explanation) == "9 points: range_percent at least 12% (at 3%)"


def test_before_the_first_ticker_it_says_that_nothing_is_known():
    assert shown(explanation_of(None)) == [
        "a-rule on BTCUSDT",
        "no ticker yet: nothing is known",
    ]


def test_several_symbols_are_a_table_with_the_nearest_first():
    assert isinstance(ABOVE.condition, Comparison)
    true = compared("close", "above", 99_000.0, 99_850.1, true=True)
    lines = shown(
        explanation_of(None, symbol="币安人生USDT"),
        explanation_of(ABOVE, symbol="BTCUSDT"),
        explanation_of(true, symbol="ETHUSDT", life=Life(phase=Phase.FIRING)),
    )
    assert lines[0] == "a-rule on 3 symbols, the nearest first"
    assert [line.split()[:3] for line in lines[4:]] == [
        ["ETHUSDT", "firing", "nothing:"],
        ["BTCUSDT", "quiet", "0.15%"],
        ["币安人生USDT", "quiet", "no"],
    ]


def test_a_move_in_the_table_says_which_way():
    falls = compared("close", "falls", Amount(3.0, percent=True), 2.25, true=False)
    lines = shown(explanation_of(falls, symbol="A"), explanation_of(falls, symbol="B"))
    assert "0.75 points  close falls 2.25%" in lines[4]


def test_a_rule_without_symbols_is_said_so():
    file = io.StringIO()
    Console(file=file).print(shown_rule(explained(explanation_of(ABOVE).rule, [])))
    assert file.getvalue() == "`a-rule` watches no symbol: none that trades matches it\n"


SILENCE = answers.Silence(
    number=3,
    rule="*",
    symbol="*",
    severity=None,
    until_ms=NOW_MS + 3_600_000,
    comment="asleep",
    made_ms=NOW_MS,
    ended_ms=None,
    in_force=True,
)


def lines_of(*standings: explain_answers.Standing) -> list[str]:
    """What is shown of these symbols."""
    file = io.StringIO()
    rule = explanation_of(ABOVE).rule
    Console(file=file, width=80, highlight=False).print(shown_rule(explained(rule, standings)))
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_a_silence_is_an_obstacle():
    silenced = attrs.evolve(standing(explanation_of(ABOVE)), silence=SILENCE)
    assert "silenced    until 2023-11-14 23:13:20 UTC by 3: asleep" in lines_of(silenced)


def test_of_several_symbols_those_that_are_silenced_are_named():
    one = standing(explanation_of(ABOVE))
    two = attrs.evolve(one, symbol="ETHUSDT", silence=SILENCE)
    assert lines_of(one, two)[2:4] == [
        "silenced: 1 of 2 symbols (ETHUSDT), until 2023-11-14 23:13:20 UTC by 3: asleep",
        "",
    ]


def test_what_became_of_the_last_alert_is_told():
    told = attrs.evolve(standing(explanation_of(ABOVE)), past_alert=past_alert(delivery()))
    assert "alert 118   phone: Telegram delivered" in lines_of(told)
