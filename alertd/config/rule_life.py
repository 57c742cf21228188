"""Which keys of a rule's life fit its condition, and each other.

What does not fit is a mistake where the rule itself says it. What `defaults` say is meant for the
rules which it fits, and left aside by all others.
"""

from collections.abc import Mapping
from typing import Any

from alertd.config.findings import Findings
from alertd.config.layers import Layer, source_of
from alertd.config.mistakes import WrongError
from alertd.config.rearms import rearmed_rule
from alertd.config.written import Written
from alertd.engine.condition import Amount, Condition, comparisons_in

# Field -> key: what an event has no use for, as it is over at once.
_FOR_LEVELS = {
    "hold_for_ms": "for",
    "keep_firing_for_ms": "keep_firing_for",
    "repeat_ms": "repeat",
    "notify_resolved": "notify_resolved",
}


def fitted(
    values: Mapping[str, Any], layers: tuple[Layer, ...], findings: Findings
) -> dict[str, Any]:
    """Return the values of a rule without those that do not fit, and with `rearm` in its `when`.

    The first layer is the rule itself.
    """
    own, when = layers[0], values["when"]
    left_aside = {"rearm"}
    if event := _event_in(when):
        left_aside |= _FOR_LEVELS.keys()
        _refuse_on_event(own, event, findings)
    elif values.get("once") and values.get("repeat_ms"):
        left_aside.add(_farther("once", "repeat_ms", layers))
    kept = {field: value for field, value in values.items() if field not in left_aside}
    return {**kept, "when": _with_rearm(when, layers, findings)}


def check_once(layer: Layer, findings: Findings) -> None:
    """Note where a rule, or defaults, ask for a single alert and for more of them."""
    if layer.keys.once and _is_said(layer.keys.repeat_ms):
        text = "`once` is a single alert for each symbol, which nothing repeats: leave one out"
        findings.add(layer.document, (*layer.path, "repeat"), text, on_key=True)


def _event_in(when: Condition) -> str | None:
    """Return the operator that makes a condition an event; None where it is a level."""
    found = (it.operator for it in comparisons_in(when) if it.operator.is_event)
    return next((operator.value for operator in found), None)


def _refuse_on_event(own: Layer, event: str, findings: Findings) -> None:
    for field, key in _FOR_LEVELS.items():
        if _is_said(getattr(own.keys, field)):
            text = (
                f"`{key}` is for a condition that holds, and `{event}` happens on single ticks: "
                f"leave it out"
            )
            findings.add(own.document, (*own.path, key), text, on_key=True)


def _is_said(value: object) -> bool:
    """Whether a value asks for anything: 0, `false` and `never` do not."""
    return bool(value) and value is not Written.NONE


def _farther(one: str, other: str, layers: tuple[Layer, ...]) -> str:
    def distance(field: str) -> int:
        said = (getattr(layer.keys, field) is not None for layer in layers)
        return list(said).index(True)

    return max(one, other, key=distance)


def _with_rearm(when: Condition, layers: tuple[Layer, ...], findings: Findings) -> Condition:
    source = source_of("rearm", layers)
    if source is None or not isinstance(source.keys.rearm, Amount):
        return when
    try:
        return rearmed_rule(when, source.keys.rearm)
    except WrongError as wrong:
        if source is layers[0]:
            path = (*source.path, "rearm")
            findings.add(source.document, path, wrong.text, on_key=wrong.on_key)
        return when
