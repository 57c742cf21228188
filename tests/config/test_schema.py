"""The JSON Schemas that `alertd schema` prints, held against the loader."""

from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from alertd.config.document import Document, read_document
from alertd.config.mistakes import MistakesError
from alertd.config.schema.documents import SCHEMAS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
RULES = Draft7Validator(SCHEMAS["rules"]())
CONFIG = Draft7Validator(SCHEMAS["config"]())

GOOD_CONFIGS = [*DATA.glob("*.good.yaml"), ROOT / "config.example.yaml"]
GOOD_RULES = [it for it in (ROOT / "rules").glob("*.yaml") if not it.name.endswith(".test.yaml")]
# What is wrong there is nothing that the look of one file can tell.
BEYOND_A_SCHEMA = {
    "secrets": "what `${...}` stands for is known where alertd runs",
    "several-at-once": "",
}


def loads(file: Path) -> Document | None:
    try:
        return read_document(file)
    except MistakesError:
        return None


@pytest.mark.parametrize("file", GOOD_CONFIGS, ids=lambda file: str(file.name))
def test_a_good_configuration_is_good_by_the_schema(file: Path):
    assert [it.message for it in CONFIG.iter_errors(read_document(file).data)] == []


@pytest.mark.parametrize("file", GOOD_RULES, ids=lambda file: str(file.name))
def test_a_rule_pack_is_good_by_the_schema(file: Path):
    assert [it.message for it in RULES.iter_errors(read_document(file).data)] == []


def test_the_schema_sees_every_bad_file_but_those_that_no_schema_can():
    documents = {it.name.removesuffix(".bad.yaml"): loads(it) for it in DATA.glob("*.bad.yaml")}
    passed = {name for name, it in documents.items() if it and CONFIG.is_valid(it.data)}
    assert passed == set(BEYOND_A_SCHEMA)
