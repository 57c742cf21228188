"""The JSON Schema of `when`: which operators a metric has, and what may stand behind each.

Whether the loader takes a percentage, or another metric, behind an operator of a metric is found by
asking it. So the schema cannot say anything else.
"""

from functools import cache

from alertd.config.mistakes import WrongError
from alertd.config.schema.forms import (
    DURATION,
    LENGTH,
    NUMBER,
    PERCENT,
    POSITIVE,
    Schema,
    any_of,
    mapping,
)
from alertd.config.when import condition
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.operator import Operator
from alertd.engine.rearmed import NOWHERE

_METRICS = {
    "close": "The last price.",
    "open": "The first price of the last 24 hours, which roll: it moves by itself.",
    "high": "The highest price of the last 24 hours.",
    "low": "The lowest price of the last 24 hours.",
    "volume": "What was traded in the last 24 hours, in the base asset (COIN-M: contracts).",
    "quote_volume": "What was traded in the last 24 hours, in the quote asset (COIN-M: base asset).",
    "change": "close - open.",
    "change_percent": "close - open, in percent of open. Write 5 for 5 %.",
    "range": "high - low.",
    "range_percent": "high - low, in percent of low. Write 5 for 5 %.",
    "range_position": "Where the close is between low (0) and high (100).",
    "drawdown_percent": "How far the close is below the 24 h high. Write 5 for 5 %.",
    "rebound_percent": "How far the close is above the 24 h low. Write 5 for 5 %.",
    "vwap": "The average price of the last 24 hours: quote_volume / volume.",
}
_OPERATORS = {
    Operator.ABOVE: "True while the value is above the level.",
    Operator.BELOW: "True while the value is below the level.",
    Operator.AT_LEAST: "True while the value is at the level or above.",
    Operator.AT_MOST: "True while the value is at the level or below.",
    Operator.BETWEEN: "True while the value is in the band [low, high], its bounds included.",
    Operator.OUTSIDE: "True while the value is outside of the band [low, high].",
    Operator.CROSSES_ABOVE: "On the tick that takes the value from the level or below to above it.",
    Operator.CROSSES_BELOW: "On the tick that takes the value from the level or above to below it.",
    Operator.CROSSES: "On the tick that takes the value across the level, either way.",
    Operator.ENTERS: "On the tick that takes the value into the band [low, high].",
    Operator.LEAVES: "On the tick that takes the value out of the band [low, high].",
    Operator.TOUCHES: "On the tick whose move reached the level; a wick between two ticks counts.",
    Operator.CROSSES_EVERY: "A ladder: on each tick that carries the value a further whole step.",
    Operator.RISES: "While the value is so much above the lowest of the window `within`.",
    Operator.FALLS: "While the value is so much below the highest of the window `within`.",
    Operator.MOVES: "While the value has risen or fallen by so much in the window `within`.",
    Operator.NEW_HIGH: "On the tick that makes the value the highest of that window.",
    Operator.NEW_LOW: "On the tick that makes the value the lowest of that window.",
}
_WITHIN = "The window of rises, falls or moves: 1s to 24h."
_REARM = "How far the value has to come back before this is over, or ready again."
_ALL = "True where every condition of the list is."
_ANY = "True where one of the list is: all of them hold, or all happen on single ticks."
_NOT = "True where the condition, which has to be one that holds, is known to be false."
_COMBINATIONS = ("all", "any", "not")

_TWO = {"minItems": 2, "maxItems": 2}
_WITHOUT_REARM: Schema = {"properties": {"rearm": False}}
_ONE_OPERATOR: Schema = {
    "minProperties": 2,
    "anyOf": [{"maxProperties": 2}, {"required": ["within"], "maxProperties": 3}],
}


@cache
def definitions() -> dict[str, Schema]:
    """Return what the schemas of rules refer to by `#/definitions/...`."""
    return {
        "number": NUMBER,
        "positive": POSITIVE,
        "percent": PERCENT,
        "duration": DURATION,
        "length": LENGTH,
        "condition": _condition(),
        **{f"{metric.name}-tests": _tests(metric) for metric in METRICS.values()},
    }


def _condition() -> Schema:
    this = {"$ref": "#/definitions/condition"}
    several = {"type": "array", "items": this, "minItems": 1}
    metrics = {name: _to(f"{name}-tests", description=_METRICS[name]) for name in METRICS}
    combined = {
        "all": {**several, "description": _ALL},
        "any": {**several, "description": _ANY},
        "not": _to("condition", description=_NOT),
    }
    # One of the three at a time: with any of them, none of the others.
    apart: dict[str, Schema] = {
        key: {"properties": {other: False for other in _COMBINATIONS if other != key}}
        for key in _COMBINATIONS
    }
    return mapping(metrics | combined, minProperties=1, dependencies=apart)


def _tests(metric: Metric) -> Schema:
    operators = {
        operator.value: {**form, "description": _OPERATORS[operator]}
        for operator in Operator
        if (form := _form(metric, operator)) is not None
    }
    moves = [operator.value for operator in Operator if operator.is_move]
    options = {
        "within": _to("length", description=_WITHIN),
        "rearm": any_of(_to("positive"), _to("percent"), description=_REARM),
    }
    needed: dict[str, object] = {move: ["within"] for move in moves}
    without_rearm = {
        it.value: _WITHOUT_REARM for it in Operator if it in NOWHERE and it.value in operators
    }
    return mapping(
        operators | options,
        minProperties=1,
        dependencies={
            **needed,
            **without_rearm,
            "within": {"oneOf": [{"required": [move]} for move in moves]},
            "rearm": _ONE_OPERATOR,
        },
    )


def _form(metric: Metric, operator: Operator) -> Schema | None:
    """Return what may stand behind an operator of a metric, None where the metric has it not."""
    if operator.is_record:
        return _to("length") if _takes(metric, operator, "4h") else None
    number = _to("positive") if operator.takes_amount else _to("number")
    taken = [number] if _takes(metric, operator, 1) else []
    if _takes(metric, operator, "3%"):
        taken.append(_to("percent"))
    others = [name for name in METRICS if _takes(metric, operator, name)]
    if others:
        taken.append({"enum": others})
    if not taken:
        return None
    level = any_of(*taken)
    return {"type": "array", "items": level, **_TWO} if operator.takes_band else level


def _takes(metric: Metric, operator: Operator, value: object) -> bool:
    """Ask the loader whether it takes such a value, in a band the lower bound."""
    level = [value, 2] if operator.takes_band else value
    window = {"within": "5m"} if operator.is_move else {}
    try:
        condition({metric.name: {operator.value: level, **window}})
    except (WrongError, ExceptionGroup):
        return False
    return True


def _to(definition: str, **others: str) -> Schema:
    # Beside a `$ref` an editor of draft-07 sees nothing, so that what is added stands around it.
    reference = {"$ref": f"#/definitions/{definition}"}
    return {"allOf": [reference], **others} if others else reference
