"""Why a rule did not alert at a tick: its condition part by part, and what else held it back."""

from collections.abc import Iterator

from alertd.delivery.numbers import fixed, plain
from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import AllOf, AnyOf, Comparison
from alertd.engine.explanation import Explained, Explanation
from alertd.engine.life import Verdict
from alertd.engine.metrics import Unit
from alertd.engine.words import duration_in_words, in_words

_DECIMALS = 10  # as the engine settles differences
_MARKS = {True: "true", False: "false", None: "cannot be told"}


def why_lines(why: Explanation | None) -> Iterator[str]:
    """Yield the reason, and below it, further in, how each part of the condition stands."""
    if why is None or why.condition is None:
        return
    yield _reason(why)
    yield from _part_lines(why.condition, "  ")


def _reason(why: Explanation) -> str:
    verdict = why.verdict
    words = "nothing was decided" if verdict is None else str(verdict.value)
    if verdict is Verdict.COOLING_DOWN:
        return f"{words}: the cooldown goes on for {duration_in_words(why.cooldown_left_ms)}"
    now_ms = why.ticker.time_ms if why.ticker is not None else 0
    if verdict is not Verdict.NOT_TRUE and why.due_ms is not None and why.due_ms > now_ms:
        return f"{words}: due in {duration_in_words(why.due_ms - now_ms)}"
    return words


def _part_lines(part: Explained, indent: str) -> Iterator[str]:
    mark = _MARKS[part.true]
    if isinstance(part.condition, Comparison):
        yield f"{indent}{mark}: {in_words(part.condition)}; {_facts(part)}"
        return
    match part.condition:
        case AllOf():
            joint = "all of"
        case AnyOf():
            joint = "any of"
        case _:
            joint = "not"
    yield f"{indent}{mark}: {joint}"
    for inner in part.parts:
        yield from _part_lines(inner, f"{indent}  ")


def _facts(part: Explained) -> str:
    reading = part.reading
    if reading is None or reading.value is None:
        return "it is undefined"
    words = [f"it is {plain(reading.value)}"]
    if not reading.comparison.has_own_numbers:
        words.append(f"against {threshold_in_words(reading.threshold)}")
    if part.true is False and not reading.comparison.operator.is_event:
        words.append(_distance(part, reading))
    return ", ".join(words)


def _distance(part: Explained, reading: Reading) -> str:
    if not part.distance:
        return "exactly at it"
    words = f"{plain(round(abs(part.distance), _DECIMALS))} too {'low' if part.distance > 0 else 'high'}"
    in_percent = (
        reading.comparison.metric.unit is Unit.PERCENT or reading.comparison.operator.is_move
    )
    if in_percent or part.distance_percent is None:
        return words
    return f"{words} ({fixed(abs(part.distance_percent), 2)}%)"


def threshold_in_words(threshold: float | Interval | None) -> str:
    """Return what was compared with, for a person."""
    match threshold:
        case None:
            return "what is undefined"
        case Interval(low, high):
            return f"{plain(low)} to {plain(high)}"
        case _:
            return plain(threshold)
