"""Which alerts are drawn where they are too many."""

from collections import Counter
from collections.abc import Iterator

from alertd.replay.plot.chosen import Chosen, choose
from alertd.replay.replayed import Replayed
from tests.replay.reels import START_MS


def alerts(*symbols: str) -> Iterator[Replayed]:
    for second, symbol in enumerate(symbols):
        yield Replayed(
            time_ms=START_MS + 1000 * second,
            rule=f"rule-{symbol}",
            symbol=symbol,
            state="firing",
            severity="info",
            value=1.0,
            threshold=1.0,
            metrics={"close": 1.0},
            title="",
            body="",
        )


def chosen_of(text: str, *, symbols: int = 10, each: int = 100, most: int = 100) -> Chosen:
    return choose(lambda: alerts(*text), symbols=symbols, each=each, most=most)


def shown(chosen: Chosen) -> dict[str, int]:
    return {symbol: len(its) for symbol, its in chosen.alerts.items()}


def test_the_symbol_with_the_most_alerts_is_the_first():
    assert list(chosen_of("abbccc").alerts) == ["c", "b", "a"]


def test_of_those_with_as_many_the_alphabet_decides():
    assert list(chosen_of("cbbcaa").alerts) == ["a", "b", "c"]


def test_only_so_many_symbols_are_drawn():
    assert list(chosen_of("abbccc", symbols=2).alerts) == ["c", "b"]


def test_all_alerts_are_counted_whether_they_are_drawn_or_not():
    chosen = chosen_of("abbccc", symbols=1, most=2)
    assert chosen.by_symbol == Counter(a=1, b=2, c=3)
    assert chosen.by_rule == Counter({"rule-a": 1, "rule-b": 2, "rule-c": 3})


def test_of_a_symbol_with_too_many_the_first_are_drawn():
    (drawn,) = chosen_of("aaaaa", most=3).alerts.values()
    assert [(alert.time_ms - START_MS) // 1000 for alert in drawn] == [0, 1, 2]


def test_no_symbol_has_more_than_its_share():
    assert shown(chosen_of("abbbb", each=3)) == {"b": 3, "a": 1}


def test_what_quiet_symbols_do_not_need_is_left_to_the_others():
    assert shown(chosen_of("abbcccccccc" + "dddddddd", most=11)) == {"c": 4, "d": 4, "b": 2, "a": 1}


def test_there_are_never_more_than_asked_for():
    assert sum(shown(chosen_of("abc" * 50, most=10)).values()) <= 10


def test_without_alerts_nothing_is_drawn():
    assert shown(chosen_of("")) == {}
