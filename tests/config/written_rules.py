"""Rules as plain data, mostly sound, now and then with a mistake: for tests of whoever reads them."""

from typing import Any

from hypothesis import strategies as st

from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, "", " ", 0, -1, 1.5, "x", "3%", "30", [], {}, ["a", "a"], "${A}"]
)
NUMBERS = (
    st.sampled_from([1, 0.5, -3, "2.5k", "1_000", "1e6", "50M", "1.2B", "-1", "+2", "1_0.5E-3k"])
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)
AMOUNTS = st.sampled_from([1, 0.001, "2k", "3%", "0.5 %", "1e1%", "+4", "1k%"])
DURATIONS = st.sampled_from([0, 0.0, "500ms", "30s", "15m", "1h30m", "7d", "1d2h3m4s5ms", "0s"])
WINDOWS = st.sampled_from(["1s", "5m", "24h", "1h30m"])
NAMES = st.sampled_from(["phone", "desk", "a b", "龙虾", "x" * 100])
SYMBOLS = st.sampled_from(
    ["BTCUSDT", "币安人生USDT", "BTCUSDT_261225", "*USDT", "all", "ALL", "1000?*", "[!A-F]*", "*-*"]
)
DAYS = st.sampled_from(["mon-fri", "sat", "SUN - Tue", " wed ", "fri-mon"])
HOURS = st.sampled_from(["08:00-22:00", "8:00 - 9:30", "22:00-06:00", "00:00-24:00"])


def one_or_several(items: st.SearchStrategy[Any], *, least: int = 0) -> st.SearchStrategy[Any]:
    return items | st.lists(items, min_size=least, max_size=3, unique=True)


def levels(operator: Operator, metric: str) -> st.SearchStrategy[Any]:
    """What may stand behind an operator, by its kind."""
    unit = METRICS[metric].unit
    bounds = NUMBERS | st.sampled_from([it for it in METRICS if METRICS[it].unit is unit])
    if operator.is_record:
        return WINDOWS
    if operator.takes_amount:
        return AMOUNTS
    return st.lists(bounds, min_size=2, max_size=2) if operator.takes_band else bounds


@st.composite
def tests(draw: st.DrawFn, metric: str) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for operator in draw(st.lists(st.sampled_from(Operator), min_size=1, max_size=2)):
        written[operator.value] = draw(levels(operator, metric))
        if operator.is_move:
            written["within"] = draw(WINDOWS)
    if draw(st.integers(0, 3)) == 0:
        written["rearm"] = draw(AMOUNTS)
    return written


@st.composite
def metrics_and_tests(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(list(METRICS)), min_size=1, max_size=2))
    return {name: draw(tests(name)) for name in names}


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        metrics_and_tests(),
        lambda part: (
            st.fixed_dictionaries({"all": st.lists(part, min_size=1, max_size=2)})
            | st.fixed_dictionaries({"any": st.lists(part, min_size=1, max_size=2)})
            | st.fixed_dictionaries({"not": part})
            | st.tuples(metrics_and_tests(), part).map(lambda two: two[0] | two[1])
        ),
        max_leaves=3,
    )


def active() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"days": one_or_several(DAYS, least=1)},
        optional={
            "hours": one_or_several(HOURS, least=1),
            "timezone": st.sampled_from(["UTC", "Europe/Berlin"]),
        },
    )


KEYS: dict[str, st.SearchStrategy[Any]] = {
    "symbols": one_or_several(SYMBOLS),
    "exclude": one_or_several(SYMBOLS),
    "when": conditions(),
    "for": DURATIONS,
    "rearm": AMOUNTS | st.just(0),
    "keep_firing_for": DURATIONS,
    "cooldown": DURATIONS,
    "repeat": WINDOWS | st.just("never"),
    "once": st.booleans(),
    "expires": st.sampled_from(
        ["never", "2030-12-31T23:59Z", "2030-12-31 23:59:59.5+01:00", "20301231T2359-0530"]
    ),
    "active": active() | st.just("always"),
    "severity": st.sampled_from(["info", "warning", "critical"]),
    "notify": one_or_several(NAMES),
    "notify_resolved": st.booleans(),
    "title": st.sampled_from(["{{ symbol }}", "x"]),
    "message": st.sampled_from(["a\nb\n", "x"]),
    "chart": st.booleans(),
    "enabled": st.booleans(),
}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule with some of the keys; one in three has something else behind one of them."""
    keys = draw(st.lists(st.sampled_from(list(KEYS)), min_size=1, max_size=4, unique=True))
    rule = {key: draw(KEYS[key]) for key in keys}
    if draw(st.integers(0, 2)) == 0:
        rule[draw(st.sampled_from(keys))] = draw(JUNK)
    return rule
