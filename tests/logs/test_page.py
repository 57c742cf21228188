"""The page about the log lists what there is, and no more."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.logs.page import EXAMPLES, SCHEMA, VALIDATOR, events_and_fields

ALERTD = Path(__file__).parents[2] / "alertd"
# How a line says what it is about: by `Line`, by `about`, or by hand.
WRITTEN = re.compile(
    r"""Line\(\s*[^"]*?"([a-z.-]+)"|about\(\s*"([a-z.-]+)"|"event": "([a-z.-]+)"|(?:event|name) = "([a-z.-]+)" """,
)


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_table_and_the_schema_have_the_same_events():
    assert set(events_and_fields()) == set(SCHEMA["properties"]["event"]["enum"])


def test_the_fields_of_the_table_are_in_the_schema():
    assert set().union(*events_and_fields().values()) <= set(SCHEMA["properties"])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it["event"])
def test_an_example_is_as_the_schema_says(example: dict[str, object]):
    assert VALIDATOR.is_valid(example)


def test_every_event_in_the_code_is_on_the_page():
    found = {
        name
        for file in ALERTD.rglob("*.py")
        for names in WRITTEN.findall(file.read_text(encoding="utf-8"))
        for name in names
        if "." in name
    }
    assert len(found) > 40
    assert found <= set(events_and_fields())


def test_every_line_of_ours_says_what_it_is_about():
    calls = re.compile(
        r"_log\.(?:debug|info|warning|error|critical|exception)\((.*?)\n(?!\s{8,}[^ ])", re.DOTALL
    )
    bare = [
        f"{file.name}: {call}"
        for file in ALERTD.rglob("*.py")
        for call in calls.findall(file.read_text(encoding="utf-8"))
        if "extra=" not in call
    ]
    assert bare == []
