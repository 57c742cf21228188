"""A rule out of what it says itself, its file's defaults, and the configuration's defaults."""

from collections.abc import Collection
from typing import Any

import attrs

from alertd.config.channels import known_channel
from alertd.config.delivery_checks import check_template
from alertd.config.findings import Findings
from alertd.config.layers import Layer, source_of
from alertd.config.mistakes import Place, WrongError
from alertd.config.rule_life import fitted
from alertd.config.wording import shown
from alertd.config.written import Written, WrittenRule
from alertd.delivery.template import Trial
from alertd.engine.rule import Rule
from alertd.market.listing import EVERY, is_glob, matches

_NEEDED_UNTOLD = ("symbols", "when")
_NEEDED = (*_NEEDED_UNTOLD, "notify")
_TEMPLATES = ("title", "message")


@attrs.frozen
class RulePlaces:
    """Where the parts of a rule stand with which something can be wrong later on."""

    when: Place
    symbols: tuple[Place, ...]
    exclude: tuple[Place, ...]
    expires: Place | None

    @classmethod
    def of(cls, layers: tuple[Layer, ...]) -> "RulePlaces":
        """Return them for a rule out of these layers; what is not written stands where the rule does."""
        when, symbols, exclude, expires = (
            source_of(field, layers) for field in ("when", "symbols", "exclude", "expires_ms")
        )
        return cls(
            when=(when or layers[0]).place("when"),
            symbols=symbols.places("symbols") if symbols else (),
            exclude=exclude.places("exclude") if exclude else (),
            expires=expires.place("expires") if expires else None,
        )


def check_channels(layer: Layer, channels: Collection[str] | None, findings: Findings) -> None:
    """Note which of the layer's channels are not configured; None: nothing says what is."""
    if channels is None:
        return
    for index, name in enumerate(layer.keys.notify or ()):
        path = (*layer.path, "notify", index)
        findings.read(layer.document, path, name, lambda it: known_channel(it, channels))


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
    rule = Rule(name=name, **fitted(values, layers, findings))
    _check_symbols(rule, layers, findings)
    _check_templates(rule, layers, findings)
    return rule


def _merged(layers: tuple[Layer, ...]) -> dict[str, Any]:
    fields = [field.name for field in attrs.fields(WrittenRule)]
    sources = {field: source_of(field, layers) for field in fields}
    return {
        field: getattr(source.keys, field)
        for field, source in sources.items()
        if source is not None and getattr(source.keys, field) is not Written.NONE
    }


def _check_symbols(rule: Rule, layers: tuple[Layer, ...], findings: Findings) -> None:
    source = source_of("exclude", layers)
    if source is not None and all(_is_excluded(pattern, rule.exclude) for pattern in rule.symbols):
        text = f"every symbol of rule {shown(rule.name)} is excluded: it can never fire"
        findings.add(source.document, (*source.path, "exclude"), text)


def _is_excluded(pattern: str, exclude: tuple[str, ...]) -> bool:
    """Whether nothing of the pattern can be left; of two globs only the exchange's list tells."""
    if is_glob(pattern):
        return pattern in exclude or EVERY in exclude
    return any(matches(it, pattern) for it in exclude)


def _check_templates(rule: Rule, layers: tuple[Layer, ...], findings: Findings) -> None:
    sources = {field: source_of(field, layers) for field in _TEMPLATES}
    if not any(sources.values()):
        return
    trial = Trial(rule)
    for field, source in sources.items():
        if source is None:
            continue
        try:
            check_template(getattr(source.keys, field), trial)
        except WrongError as wrong:
            findings.add(source.document, (*source.path, field), wrong.text)
