"""A rule out of what it says itself, its file's defaults, and the configuration's defaults."""

from collections.abc import Collection
from typing import Any

import attrs

from alertd.config.delivery_checks import check_template
from alertd.config.document import Document
from alertd.config.findings import Findings
from alertd.config.mistakes import Path, Place, WrongError
from alertd.config.wording import did_you_mean_or_all, shown
from alertd.config.written import WrittenRule
from alertd.engine.condition import is_event
from alertd.engine.rule import Rule
from alertd.market.listing import EVERY, is_glob, matches

_NEEDED_UNTOLD = ("symbols", "when")
_NEEDED = (*_NEEDED_UNTOLD, "notify")
_TEMPLATES = ("title", "message")


@attrs.frozen
class Layer:
    """The sound keys of a rule as one place of one file has them; not `is_sound` if others are not."""

    document: Document
    path: Path
    keys: WrittenRule
    is_sound: bool
    _places: dict[str, tuple[Place, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    def places(self, field: str) -> tuple[Place, ...]:
        """Return where each item of a list stands; rules that share the layer share the answer."""
        if field not in self._places:
            items = range(len(getattr(self.keys, field)))
            at = (self.document.place((*self.path, field, index)) for index in items)
            self._places[field] = tuple(at)
        return self._places[field]


@attrs.frozen
class PatternPlaces:
    """Where the patterns of a rule stand, for what can be wrong with one later on."""

    symbols: tuple[Place, ...] = ()
    exclude: tuple[Place, ...] = ()

    @classmethod
    def of(cls, layers: tuple[Layer, ...]) -> "PatternPlaces":
        """Return them for a rule out of these layers."""
        sources = {field: _source(field, layers) for field in ("symbols", "exclude")}
        return cls(**{field: it.places(field) for field, it in sources.items() if it is not None})


def check_channels(layer: Layer, channels: Collection[str] | None, findings: Findings) -> None:
    """Note which of the layer's channels are not configured; None: nothing says what is."""
    if channels is None:
        return
    for index, name in enumerate(layer.keys.notify or ()):
        if name not in channels:
            hint = did_you_mean_or_all(name, channels)
            text = f"unknown channel {shown(name)}{hint}"
            findings.add(layer.document, (*layer.path, "notify", index), text)


def build_rule(
    name: str, layers: tuple[Layer, ...], findings: Findings, *, is_told: bool = True
) -> Rule | None:
    """Return the rule, each key from the first layer that has it; None where it is no rule yet.

    The first layer is the rule itself. Unless `is_told` it need not say to whom.
    """
    own, values = layers[0], _merged(layers)
    needed = _NEEDED if is_told else _NEEDED_UNTOLD
    missing = [key for key in needed if not values.get(key)]
    if missing:
        # What seems to be missing may stand in defaults that could not be read.
        for key in missing if all(layer.is_sound for layer in layers) else ():
            text = f"rule {shown(name)} has no `{key}`"
            findings.add(own.document, own.path, text, on_key=True)
        return None
    rule = _without_hold(Rule(name=name, **values), own, findings)
    _check_symbols(rule, layers, findings)
    _check_templates(rule, layers, findings)
    return rule


def _merged(layers: tuple[Layer, ...]) -> dict[str, Any]:
    fields = [field.name for field in attrs.fields(WrittenRule)]
    sources = {field: _source(field, layers) for field in fields}
    return {
        field: getattr(source.keys, field)
        for field, source in sources.items()
        if source is not None
    }


def _source(field: str, layers: tuple[Layer, ...]) -> Layer | None:
    return next((layer for layer in layers if getattr(layer.keys, field) is not None), None)


def _without_hold(rule: Rule, own: Layer, findings: Findings) -> Rule:
    """Return the rule; an event holds for no time, so that `for` is not for it.

    In the rule itself it is a mistake; in defaults it is meant for the rules which it fits.
    """
    if not is_event(rule.when):
        return rule
    if own.keys.hold_for_ms:
        text = "`for` fits a condition that holds, and a crossing is over at once: leave it out"
        findings.add(own.document, (*own.path, "for"), text, on_key=True)
    return attrs.evolve(rule, hold_for_ms=0)


def _check_symbols(rule: Rule, layers: tuple[Layer, ...], findings: Findings) -> None:
    source = _source("exclude", layers)
    if source is not None and all(_is_excluded(pattern, rule.exclude) for pattern in rule.symbols):
        text = f"every symbol of rule {shown(rule.name)} is excluded: it can never fire"
        findings.add(source.document, (*source.path, "exclude"), text)


def _is_excluded(pattern: str, exclude: tuple[str, ...]) -> bool:
    """Whether nothing of the pattern can be left; of two globs only the exchange's list tells."""
    if is_glob(pattern):
        return pattern in exclude or EVERY in exclude
    return any(matches(it, pattern) for it in exclude)


def _check_templates(rule: Rule, layers: tuple[Layer, ...], findings: Findings) -> None:
    for field in _TEMPLATES:
        source = _source(field, layers)
        if source is None:
            continue
        try:
            check_template(getattr(source.keys, field), rule)
        except WrongError as wrong:
            findings.add(source.document, (*source.path, field), wrong.text)
