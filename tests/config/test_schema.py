"""The JSON Schemas that `alertd schema` prints, held against the loader."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import event, given, settings
from jsonschema import Draft7Validator, ValidationError

from alertd.cli import main
from alertd.config.document import Document, read_document
from alertd.config.mistakes import MistakesError
from alertd.config.schema.documents import SCHEMAS
from alertd.config.schema.rules import KEYS
from alertd.config.structure import keys_of, sound_reader
from alertd.config.written import WrittenRule
from tests.config.written_rules import rules

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
RULES = Draft7Validator(SCHEMAS["rules"]())
CONFIG = Draft7Validator(SCHEMAS["config"]())
read_rule = sound_reader(WrittenRule)

GOOD_CONFIGS = [*DATA.glob("*.good.yaml"), ROOT / "config.example.yaml"]
GOOD_RULES = [it for it in (ROOT / "rules").glob("*.yaml") if not it.name.endswith(".test.yaml")]

# The mistakes that no look at the shape of one file can tell, by the reason.
BEYOND_A_SCHEMA = {
    "another file, the exchange, or today has to be known": [
        "no file matches",
        "unknown symbol",
        "matches no symbol",
        "is listed, but does not trade",
        "is no longer listed",
        "this time has passed",
        "is neither a credential nor in the environment",
    ],
    "it is about another part of the file": [
        "unknown channel",
        "has no `(symbols|when|notify)`",
        "is excluded",
        "`rearm` at the rule is for",
        "cannot stand in for itself",
        "in a circle",
        "the test has a `rearm` of its own",
    ],
    "two values have to be compared, or one to be reckoned with": [
        "is not below the high end",
        "both ends are",
        "off both ends leaves nothing",
        "comes back by no more than that",
        "never falls as low as",
        "is nothing: write a number",
        "is less than 1s",
        "falls by more than 100%",
        "is no finite number",
        "is no time: write it",
        "at most 20 deep",
        "at most 1000",
        r"is not from \w+ to \w+$",
    ],
    "it is about what the condition is, holding or happening": [
        "`any` takes one kind",
        "happens on single ticks",
        "inside of `not`",
        "`once` is a single alert",
        "`rearm` is not for `crosses_every`",
    ],
    "it has a language of its own": [
        "unknown time zone",
        "Apprise URL",
        "template",
        "unknown name",
        "a number has no",
        r"`\$\{",
        "give the file's whole path",
        "REST begins with",
        "a proxy begins with",
        "`~` stands for nothing",
        r"the `\[` never closes",
        "the `]` closes nothing",
    ],
}


def document_of(file: Path) -> Document | None:
    try:
        return read_document(file)
    except MistakesError:
        return None  # no YAML, or not of the kind that is read: an editor sees it without a schema


@pytest.mark.parametrize("file", GOOD_CONFIGS, ids=lambda file: str(file.name))
def test_a_good_configuration_is_good_by_the_schema(file: Path):
    assert [it.message for it in CONFIG.iter_errors(read_document(file).data)] == []


@pytest.mark.parametrize("file", GOOD_RULES, ids=lambda file: str(file.name))
def test_a_rule_pack_is_good_by_the_schema(file: Path):
    assert [it.message for it in RULES.iter_errors(read_document(file).data)] == []


def test_the_schema_underlines_every_mistake_but_those_that_no_schema_can_see():
    known = {text for texts in BEYOND_A_SCHEMA.values() for text in texts}
    needed = set()
    for file in DATA.glob("*.bad.yaml"):
        for mistake in not_underlined(file):
            reasons = {text for text in known if re.search(text, mistake)}
            assert reasons, f"{file.name}:{mistake}"
            needed |= reasons
    assert needed == known


def not_underlined(file: Path) -> list[str]:
    """Return the mistakes of a bad file on whose lines the schema finds nothing."""
    document = document_of(file)
    if document is None:
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    underlined = {
        line for error in CONFIG.iter_errors(document.data) for line in at(error, document)
    }
    return [it for it in expected if int(it.partition(":")[0]) not in underlined]


def at(error: ValidationError, document: Document) -> Iterator[int]:
    """Yield the lines on which an editor would underline something for an error."""
    path = tuple(error.absolute_path)
    yield document.place(path).line
    if isinstance(error.instance, dict) and isinstance(error.schema, dict):
        for key in error.instance.keys() - error.schema.get("properties", {}).keys():
            yield document.place((*path, key), on_key=True).line
    if "propertyNames" in error.absolute_schema_path:
        yield document.place((*path, str(error.instance)), on_key=True).line
    for cause in error.context or ():
        yield from at(cause, document)


@settings(max_examples=300, deadline=None)
@given(rule=rules())
def test_what_the_loader_takes_the_schema_takes(rule: dict[str, Any]):
    _, wrongs = read_rule(rule)
    event("a mistake" if wrongs else "sound")
    if not wrongs:
        errors = RULES.iter_errors({"rules": {"a": rule}})
        assert [it.message for it in errors] == []


def test_the_schema_knows_the_keys_of_the_loader_and_no_others():
    assert tuple(KEYS) == keys_of(WrittenRule)


@pytest.mark.parametrize("what", ["rules", "config"])
def test_the_schema_is_one_and_printed_as_json(what: str):
    result = CliRunner().invoke(main, ["schema", what], catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    printed = json.loads(result.stdout)
    Draft7Validator.check_schema(printed)
    assert printed == SCHEMAS[what]()


def test_every_key_metric_and_operator_has_its_description():
    definitions = SCHEMAS["rules"]()["definitions"]
    mappings = ["rule", "condition", *(it for it in definitions if it.endswith("-tests"))]
    for name in mappings:
        for key, schema in definitions[name]["properties"].items():
            assert schema.get("description"), f"{name}: {key}"


@pytest.mark.parametrize(
    ("metric", "operator", "level"),
    [
        ("close", "above", "volume"),  # another unit
        ("close", "above", "close"),  # itself
        ("close", "above", "3%"),
        ("change", "rises", "3%"),
        ("change_percent", "crosses_every", "5%"),
        ("volume", "crosses_every", "5%"),
        ("high", "touches", 5),
        ("close", "rises", -1),
    ],
)
def test_it_offers_only_what_fits_the_metric(metric: str, operator: str, level: object):
    test = {operator: level, "within": "5m"} if operator == "rises" else {operator: level}
    assert not RULES.is_valid({"rules": {"a": {"when": {metric: test}}}})
