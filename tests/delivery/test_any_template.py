"""Whatever a template says, it is rendered or is a mistake: no traceback, no hang, no flood."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.delivery.facts import NAMES
from alertd.delivery.language import MAX_LENGTH, TemplateMistake
from alertd.delivery.template import render
from alertd.engine.alert import Alert
from alertd.engine.condition import Band
from alertd.engine.operator import Operator
from tests.delivery.samples import alert_of, metric_test, rule_of

MOST_MEMORY = 8_000_000
ALERTS = [
    alert_of(previous=99_987.1),
    alert_of(rule_of(metric_test("close", Operator.BETWEEN, Band(1.0, 2.0)))),
]

NUMBERS = st.sampled_from(
    [
        *("0", "1", "-1", "2", "9", "64", "0.5", "1e-9", "1e308", "1e999", "1_000"),
        *("10**9", "9**9**9", "0x7fffffffffffffff", "999999999999", "9" * 400, "9" * 4301),
    ]
)
TEXTS = st.sampled_from(
    [
        *("''", "'x'", "'%999999999d'", "'{:999999999}'", "'__class__'", "'币安'", "'\\ud800'"),
        *("'\\x00'", "'\\q'", "'%s%s'", "'ΐ'", "'a\\nb'", "'" + "x" * 500 + "'", "'9e999'"),
    ]
)
ATOMS = st.sampled_from([*NAMES, "none", "true", "self", "loop", "foo", "()", "[]"]) | (
    NUMBERS | TEXTS
)
BINARY = st.sampled_from(
    [
        *("+", "-", "*", "/", "//", "%", "**", "~", "<", "==", ">=", "!="),
        *("and", "or", "in", "not in", "if true else"),
    ]
)
FILTERS = st.sampled_from(
    [
        *("price", "fixed", "si", "ago", "round", "abs", "capitalize", "default", "float", "int"),
        *("length", "lower", "title", "trim", "truncate", "upper", "center", "indent", "attr"),
        *("format", "replace", "map", "list", "tojson", "wordwrap", "urlize", "random", "pprint"),
    ]
)
TESTS = st.sampled_from(
    ["defined", "none", "number", "iterable", "divisibleby", "sameas", "in", "filter", "test", "x"]
)
ATTRIBUTES = st.sampled_from(
    [
        *("low", "high", "year", "strftime", "isoformat", "timestamp", "astimezone", "strptime"),
        *("now", "max", "replace", "tzinfo", "__class__", "__init__", "__globals__", "mro"),
        *("format", "format_map", "encode", "join", "center", "startswith", "removeprefix"),
        *("real", "bit_length", "as_integer_ratio", "append", "items", "x", "0"),
    ]
)


def _compound(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(part | part.map("k={}".format), max_size=3).map(", ".join)
    return st.one_of(
        st.builds("({} {} {})".format, part, BINARY, part),
        st.builds("({}{})".format, st.sampled_from(["-", "not ", "+", "*", "**"]), part),
        st.builds("{}|{}".format, part, FILTERS),
        st.builds("{}|{}({})".format, part, FILTERS, arguments),
        st.builds("({} is {})".format, part, TESTS),
        st.builds("({} is {}({}))".format, part, TESTS, arguments),
        st.builds("{}.{}".format, part, ATTRIBUTES),
        st.builds("{}.{}({})".format, part, ATTRIBUTES, arguments),
        st.builds("{}[{}]".format, part, part),
        st.builds("{}[{}:{}:{}]".format, part, part, part, part),
        st.builds("[{}]".format, arguments),
        st.builds("({}, {})".format, part, part),
        st.builds("{{{}: {}}}".format, part, part),
        st.builds("({} if {} else {})".format, part, part, part),
    )


EXPRESSIONS = st.recursive(ATOMS, _compound, max_leaves=12)
STATEMENTS = st.sampled_from(
    [
        *(
            "{% if ",
            "{% else %}",
            "{% elif 1 %}",
            "{% endif %}",
            "{% for a in symbol %}",
            "{% raw %}",
        ),
        *("{% set a = 1 %}", "{% include 'x' %}", "{% macro m() %}", "{#", "#}", "{{", "}}", "%}"),
        *("{%- ", " -%}", "{% endraw %}", "\n", "\r\n", "\x00", "\ud800", "🚀", "{{ '", "'"),
    ]
)
TEMPLATES = st.lists(
    EXPRESSIONS.map("{{{{ {} }}}}".format)
    | EXPRESSIONS.map("{{% if {} %}}x{{% endif %}}".format)
    | STATEMENTS
    | st.text(max_size=5),
    max_size=6,
).map("".join)


def check_is_rendered_or_mistaken(text: str, *alerts: Alert) -> None:
    for alert in alerts:
        try:
            rendered = render(text, alert)
        except TemplateMistake as mistake:
            assert 1 <= mistake.line <= text.count("\n") + text.count("\r") + 1  # noqa: PT017 - either is right
            assert 0 < len(str(mistake)) <= 201  # noqa: PT017
        else:
            assert 0 < len(rendered) <= MAX_LENGTH
            assert " at 0x" not in rendered
            assert rendered.encode().decode() == rendered


@settings(deadline=None, max_examples=100)  # a shared machine may pause at any time
@given(TEMPLATES)
def test_any_template_is_rendered_or_a_mistake(text: str):
    check_is_rendered_or_mistaken(text, *ALERTS)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_any_expression_is_rendered_or_a_mistake(expression: str):
    check_is_rendered_or_mistaken(f"{{{{ {expression} }}}}", *ALERTS)


@pytest.mark.parametrize(
    "text",
    [
        "x" * MAX_LENGTH,
        "{{ 'ΐ' | upper }}" * 580,
        "{{ " + "9**" * 3300 + "9 }}",
        "{{ " + "9" * 9990 + " }}",
        "{{ " + "a" * 9990 + " }}",
        "{{ close | " + "a" * 9980 + " }}",
        "{{ '" + "x" * 9980 + "' | si }}",
        "{{ " + "close ~ " * 1200 + "close }}",
        "{{ close" + "|abs" * 2400 + " }}",
        "{{ symbol" + "[0]" * 3300 + " }}",
        "{{ symbol" + ".x" * 4990 + " }}",
        "{{ " + "[" * 4990 + "]" * 4990 + " }}",
        "{{ " + "not " * 2490 + "1 }}",
        "{{ " + "-" * 9990 + "1 }}",
        "{{ " + "1 < " * 2490 + "1 }}",
        "{{ " + "1 if 1 else " * 830 + "1 }}",
        "{% if 0 %}x" + "{% elif 0 %}y" * 760 + "{% endif %}z",
        "{% if 1 %}" * 450 + "x" + "{% endif %}" * 450,
        "{{" * 5000,
        "{#" * 5000,
    ],
    ids=lambda text: text[:20],
)
def test_the_longest_templates_are_rendered_or_a_mistake(text: str):
    assert len(text) <= MAX_LENGTH
    check_is_rendered_or_mistaken(text, ALERTS[0])


@pytest.mark.parametrize(
    "text",
    [
        "{{ time.strftime('" + "%c" * 900 + "') }}",
        "{{ time.strftime('" + "%9999d" * 300 + "') }}",
        "{{ time.strftime('%999999999d') }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'x' * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ 'x' | center(999999999) }}",
        "{{ 'x' | indent(999999999) }}",
        "{{ 'x' | truncate(999999999) }}",
        "{{ 'x'.ljust(999999999) }}",
        "{{ 1 | fixed(999999999) }}",
        "{{ 1 | round(999999999) }}",
        "{{ 9 ** 999999999 }}",
        "{{ 10 ** 308 * 10 ** 308 }}",
        "{{ " + "*".join(["9" * 4000] * 2) + " }}",
        "{% for a in symbol * 999999999 %}{% endfor %}x",
        "{{ range(999999999) | list }}",
    ],
    ids=lambda text: text[:40],
)
def test_what_would_be_a_gigabyte_takes_little_memory(text: str):
    tracemalloc.start()
    try:
        check_is_rendered_or_mistaken(text, ALERTS[0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEMORY
