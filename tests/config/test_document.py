import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.config.document import Document, parse_document
from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError, Place
from alertd.config.tree import DEEPEST
from tests.config.files import Folder


def parse(text: str) -> Document:
    return parse_document(text, "f")


def mistakes(text: str) -> list[str]:
    with pytest.raises(MistakesError) as raised:
        parse(text)
    return [str(mistake) for mistake in raised.value.mistakes]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("y", "y"),
        ("true", True),
        ("FALSE", False),
        ("1:30", "1:30"),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-5", -5),
        ("1e6", 1e6),
        ("1.5", 1.5),
        (".5", 0.5),
        ("100_000", "100_000"),
        ("2024-01-01", "2024-01-01"),
        ("~", None),
        ("null", None),
        ("", None),
        ("'5'", "5"),
        ('"true"', "true"),
        ("=", "="),
        ("-", "-"),
        ("+", "+"),
        (".", "."),
    ],
)
def test_a_scalar_is_what_a_person_reads(text: str, value: object):
    data = parse(f"- {text}").data if text != "-" else parse("- '-'").data
    assert data == [value]
    assert type(data[0]) is type(value)


def test_integers_of_any_length_are_read():
    assert parse("1" * 5000).data == float("inf")


def test_keys_are_texts_as_they_are_written():
    assert parse("{2024: a, no: b, 017: c, ~: d}").data == {
        "2024": "a",
        "no": "b",
        "017": "c",
        "~": "d",
    }


def test_places_count_from_one_in_characters():
    document = parse("a: 1\n币安:\n  - x\n  - {b: y}\n")
    assert document.place(("币安", 1, "b")) == Place("f", 4, 9)
    assert document.place(("币安", 1, "b"), on_key=True) == Place("f", 4, 6)
    assert document.place(("币安",), on_key=True) == Place("f", 2, 1)


def test_a_path_that_leads_too_far_ends_on_its_way():
    assert parse("a: {b: 1}").place(("a", "x", "y")) == Place("f", 1, 4)


def test_a_number_in_a_path_is_passed_over_where_there_is_no_list():
    assert parse("a: {b: 1}").place(("a", 0, "b")) == Place("f", 1, 8)


def test_a_byte_order_mark_is_no_mistake(folder: Folder):
    assert folder.mistakes(b"\xef\xbb\xbfmarket: X\nrules: [x]\n")[0].startswith("config.yaml:1:9")


def test_windows_line_ends_are_no_mistake():
    assert parse("a: 1\r\nb: 2\r\n").data == {"a": 1, "b": 2}


def test_a_merge_takes_over_what_the_mapping_does_not_say():
    text = "base: &base {a: 1, b: 2}\nown: {<<: *base, b: 3}\n"
    assert parse(text).data["own"] == {"a": 1, "b": 3}


def test_what_is_merged_keeps_its_place():
    document = parse("base: &base {a: 1}\nown: {<<: *base}\n")
    assert document.place(("own", "a")) == Place("f", 1, 17)


def test_of_several_merged_mappings_the_first_with_a_key_counts():
    assert parse("x: {<<: [{a: 1}, {a: 2, b: 3}]}").data["x"] == {"a": 1, "b": 3}


@pytest.mark.parametrize("text", ["<<: 5", "<<: [1]"])
def test_only_mappings_can_be_merged(text: str):
    assert mistakes(text) == ["f:1:1: `<<` takes over a mapping: write `<<: *name`"]


def test_a_key_is_no_list():
    assert mistakes("? [a]\n: b") == [
        "f:1:3: a key is a word, not a list or a mapping; does it lack quotes?"
    ]


def bomb(levels: int) -> str:
    lines = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return "\n".join(["a0: &a0 [x]", *lines])


def test_an_alias_bomb_is_refused_without_being_expanded():
    assert "more than 500,000 values" in mistakes(bomb(30))[-1]


def test_aliases_cannot_nest_deeper_than_what_is_written_out():
    lines = [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 100)]
    [mistake] = mistakes("\n".join(["a0: &a0 []", *lines]))
    assert mistake == f"f:{DEEPEST}:12: nested more than {DEEPEST} deep"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(opening: str):
    column = len(opening) * DEEPEST + 1
    assert mistakes(opening * 100_000) == [f"f:1:{column}: nested more than {DEEPEST} deep"]


def test_a_huge_file_is_refused(folder: Folder):
    file = folder.write("config.yaml", b"")
    with file.open("r+b") as stream:
        stream.truncate(100 * 1024**2)
    with pytest.raises(MistakesError, match="larger than 8 MB"):
        load_config(file, environment={})


def test_bytes_that_are_not_utf_8_have_a_place(folder: Folder):
    assert folder.mistakes("市: 1\nb: ".encode() + b"\xe9\n") == [
        "config.yaml:2:4: byte 0xE9 is not UTF-8: save the file as UTF-8"
    ]


def test_a_control_character_has_a_place():
    assert mistakes("a: 1\nb: \x07") == ["f:2:4: a control character (U+0007): remove it"]


@settings(deadline=None)  # a shared machine may pause at any time
@given(st.text(alphabet=st.characters() | st.sampled_from("{}[]:,-&*!|>'\"%@`#\n\t <~a1.")))
def test_any_text_is_data_or_mistakes(text: str):
    try:
        parse(text)
    except MistakesError as error:
        assert error.mistakes  # noqa: PT017 - either outcome is right
