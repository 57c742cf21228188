"""Rules that can never fire, or are always true, each told in its place."""

from alertd.config.certainties import Certainties, certainties
from tests.config.files import HEAD, Folder


def found(folder: Folder, *whens: str, keys: str = "") -> Certainties:
    rules = "".join(
        f"  r{number}: {{symbols: BTCUSDT, notify: phone, {keys}when: {{{when}}}}}\n"
        for number, when in enumerate(whens)
    )
    return certainties(folder.load(f"{HEAD}rules:\n rules:\n{rules}"))


def told(folder: Folder, *whens: str) -> tuple[list[str], list[str]]:
    certain = found(folder, *whens)
    never, always = (
        [str(it).replace(f"{folder.path}/config.yaml:", "") for it in its]
        for its in (certain.never, certain.always)
    )
    return never, always


def test_a_rule_that_can_never_fire_is_told_where_its_condition_stands(folder: Folder):
    never, always = told(folder, "close: {above: 1}", "close: {above: high}")
    assert never == ["5:47: rule `r1` can never fire: no tick makes `close above high` true"]
    assert always == []


def test_of_several_parts_those_that_exclude_each_other_are_named(folder: Folder):
    when = "close: {above: 110, below: 100}, volume: {above: 5}, low: {above: 1}"
    (never,), _ = told(folder, when)
    assert never.endswith("no tick makes `close above 110 and close below 100` true")


def test_the_part_that_can_never_be_true_may_be_deep_inside(folder: Folder):
    when = "close: {above: 1}, all: [{low: {above: 1}}, {range_position: {above: 100}}]"
    (never,), _ = told(folder, when)
    assert never.endswith("no tick makes `range_position above 100%` true")


def test_a_rule_that_is_always_true_is_told_as_well(folder: Folder):
    never, (always,) = told(folder, "close: {at_most: high}")
    assert never == []
    assert always == (
        "4:47: rule `r0` is true on every tick: it fires at the start, and is never over"
    )


def test_rules_that_share_a_condition_are_each_told(folder: Folder):
    never, _ = told(folder, "range: {below: 0}", "range: {below: 0}")
    assert len(never) == 2


def test_a_condition_that_stands_in_defaults_has_its_place_there(folder: Folder):
    text = "defaults: {when: {range: {below: 0}}}\nrules: {rules: {a: {symbols: A, notify: phone}}}"
    (never,) = certainties(folder.load(HEAD + text)).never
    assert (never.place.line, never.place.column) == (2, 18)


def test_a_disabled_rule_is_not_looked_at(folder: Folder):
    assert found(folder, "range: {below: 0}", keys="enabled: false, ") == Certainties()
