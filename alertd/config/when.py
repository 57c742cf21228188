"""`when:` into a condition: metrics and their tests, and `all`, `any`, `not` around them."""

from collections.abc import Callable, Iterable, Mapping

import attrs

from alertd.config.comparisons import KEYS_OF_THE_RULE, OPTIONS, comparisons
from alertd.config.mistakes import WrongError, Wrongs
from alertd.config.values import mapping, unknown_key
from alertd.config.wording import kind, shown
from alertd.engine.condition import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Not,
    comparisons_in,
    is_event,
)
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator

_DEEPEST = 20
_MOST_COMPARISONS = 1_000
_OPERATORS = frozenset(operator.value for operator in Operator)
_OTHER_NAMES = {
    "and": "all", "or": "any", "price": "close", "last": "close", "last_price": "close",
    "percent": "change_percent", "turnover": "quote_volume",
}  # fmt: skip
_EXAMPLES = {"rearm": "{above: 100, rearm: 2}"} | dict.fromkeys(
    ("rises", "falls", "moves", "within"), "{rises: 3%, within: 5m}"
)


def condition(value: object) -> Condition:
    """Read a rule's condition. Raises `WrongError`, or a group of them."""
    found = _condition(value, _Around())
    count = len(comparisons_in(found))
    if count > _MOST_COMPARISONS:
        raise WrongError(f"{count} comparisons: a rule has at most {_MOST_COMPARISONS}")
    return found


@attrs.frozen
class _Around:
    """What a condition stands in: how many of `all`, `any`, `not`, and whether a `not` is one."""

    depth: int = 0
    inside_not: bool = False


def _condition(value: object, around: _Around) -> Condition:
    if isinstance(value, list):
        raise WrongError("a list of conditions stands below `all:` or `any:`")
    entries = mapping(value, "metrics and their tests, like close: {above: 100}")
    if not entries:
        raise WrongError("no metric to test: write one, like close: {above: 100}")
    if around.depth > _DEEPEST:
        raise WrongError(f"conditions are nested at most {_DEEPEST} deep")
    wrongs = Wrongs()
    read = [
        wrongs.read(key, item, lambda key, item: _entry(key, item, around))
        for key, item in entries.items()
    ]
    for key in [key for key in entries if key in _COMBINATIONS][1:]:
        text = "only one of `all`, `any`, `not` stands here: make a list of them below `all:`"
        wrongs.add(text, (key,), on_key=True)
    wrongs.raise_any()
    parts = tuple(part for parts in read for part in parts or ())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _entry(key: str, value: object, around: _Around) -> Iterable[Condition]:
    if key in METRICS:
        return comparisons(key, value, inside_not=around.inside_not)
    if key in _COMBINATIONS:
        deeper = attrs.evolve(around, depth=around.depth + 1)
        return [_COMBINATIONS[key](value, deeper)]
    raise _unknown_metric(key)


def _all(value: object, around: _Around) -> Condition:
    wrongs = Wrongs()
    parts = _parts(value, around, wrongs)
    wrongs.raise_any()
    return _joined(AllOf, parts)


def _any(value: object, around: _Around) -> Condition:
    wrongs = Wrongs()
    parts = _parts(value, around, wrongs)
    for index, part in parts.items():
        first = next(iter(parts.values()))
        if is_event(part) is not is_event(first):
            event, holding = (part, first) if is_event(part) else (first, part)
            text = (
                f"`any` takes one kind: `{_named(event)}` happens on single ticks, and "
                f"`{_named(holding)}` holds; write a rule for each"
            )
            wrongs.add(text, (index,))
            break
    wrongs.raise_any()
    return _joined(AnyOf, parts)


def _not(value: object, around: _Around) -> Condition:
    if isinstance(value, list):
        raise WrongError("`not` takes one condition: write {any: [...]} or {all: [...]} behind it")
    return Not(_condition(value, attrs.evolve(around, inside_not=True)))


_COMBINATIONS: Mapping[str, Callable[[object, _Around], Condition]] = {
    "all": _all,
    "any": _any,
    "not": _not,
}


def _parts(value: object, around: _Around, wrongs: Wrongs) -> dict[int, Condition]:
    """Return the sound conditions of a list by their places in it."""
    example = "[{close: {above: 100}}, {volume: {above: 1k}}]"
    if not isinstance(value, list):
        raise WrongError(
            f"a list of conditions is expected here, like {example}, not {kind(value)}"
        )
    if not value:
        raise WrongError(f"no condition in this list: write some, like {example}")
    read = {
        index: wrongs.read(index, item, lambda _, item: _condition(item, around))
        for index, item in enumerate(value)
    }
    return {index: part for index, part in read.items() if part is not None}


def _joined(join: type[AllOf] | type[AnyOf], parts: dict[int, Condition]) -> Condition:
    found = tuple(parts.values())
    return found[0] if len(found) == 1 else join(found)


def _named(part: Condition) -> str:
    """Return the operator that makes a condition the kind that it is."""
    inside = comparisons_in(part)
    decisive: Comparison = next((it for it in inside if it.operator.is_event), inside[0])
    return decisive.operator.value


def _unknown_metric(key: str) -> WrongError:
    if key in _OTHER_NAMES:
        text = f"unknown metric {shown(key)} (did you mean {shown(_OTHER_NAMES[key])}?)"
    elif key in _OPERATORS or key in OPTIONS:
        text = (
            f"{shown(key)} stands below a metric, like close: {_EXAMPLES.get(key, '{above: 100}')}"
        )
    elif key in KEYS_OF_THE_RULE:
        text = f"{shown(key)} is a key of the rule: it stands beside `when`"
    else:
        return unknown_key(key, (*METRICS, *_COMBINATIONS), what="metric", listed=True)
    return WrongError(text, on_key=True)
