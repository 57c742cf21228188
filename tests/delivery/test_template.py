import time
from collections.abc import Callable
from functools import partial

import attrs
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.delivery import language, template
from alertd.delivery.facts import NAMES, facts_of
from alertd.delivery.language import MAX_LENGTH, TemplateMistake, compile_template
from alertd.delivery.template import Trial, render
from alertd.engine.alert import AlertState
from alertd.engine.condition import Band
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.market.ticker import Ticker
from tests.delivery.samples import BTC, PEPE, TIME_MS, alert_of, metric_test, rule_of

QUIET = attrs.evolve(alert_of(), ticker=Ticker("BTCUSDT", TIME_MS, 1, 1, 1, 1, 0, 0))


def mistake_in(text: str) -> TemplateMistake:
    with pytest.raises(TemplateMistake) as caught:
        Trial(rule_of()).check(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{{ rule }}", "my-rule"),
        ("{{ symbol }}", "BTCUSDT"),
        ("{{ severity }}", "info"),
        ("{{ state }}", "firing"),
        ("{{ threshold }}", "100000"),
        ("{{ value }}", "100012.3"),
        ("{{ previous }}", "99987.1"),
        ("{{ time }}", "2025-05-08 14:30:19 UTC"),
        ("{{ time_ms }}", "1746714619000"),
        ("{{ held_for }}", "0"),
        ("{{ gap }}", "312.5"),
        ("{{ repeats }}", "2"),
        ("{{ dropped }}", "3"),
    ],
)
def test_a_template_may_name_every_fact_of_the_alert(text: str, rendered: str) -> None:
    alert = attrs.evolve(alert_of(previous=99987.1), gap_ms=312_500, repeats=2, dropped=3)
    assert render(text, alert) == rendered


@pytest.mark.parametrize("metric", METRICS)
def test_a_template_may_name_every_metric(metric: str) -> None:
    value = METRICS[metric].of(BTC)
    assert value is not None
    assert float(render(f"{{{{ {metric} }}}}", alert_of())) == pytest.approx(value, abs=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_the_check_knows_every_name_that_an_alert_has(name: str) -> None:
    Trial(rule_of()).check(f"{{{{ {name} }}}}")


def test_the_time_is_aware_and_in_utc() -> None:
    assert render("{{ time.isoformat() }}", alert_of()) == "2025-05-08T14:30:19+00:00"


def test_how_long_it_held_is_in_seconds() -> None:
    assert render("{{ held_for }}", attrs.evolve(alert_of(), held_for_ms=32_500)) == "32.5"


def test_a_line_that_is_all_statement_leaves_no_empty_line() -> None:
    text = "a\n{% if close > 0 %}\nb\n{% endif %}\nc"
    assert render(text, alert_of()) == "a\nb\nc"


def test_an_event_time_beyond_all_calendars_is_still_a_time() -> None:
    alert = attrs.evolve(alert_of(), time_ms=10**18)
    assert render("{{ time.year }}", alert) == "9999"


def test_a_small_price_is_never_written_with_an_exponent() -> None:
    assert render("{{ open }} {{ close | price }}", alert_of(ticker=PEPE)) == "0.000011 0.0000123"


def test_the_price_filter_gives_a_vwap_the_digits_of_the_symbol() -> None:
    assert render("{{ vwap | price }}", alert_of()) == "98360.8"


def test_a_band_is_written_as_from_low_to_high() -> None:
    band = metric_test("close", Operator.OUTSIDE, Band(0.00001, 90_000.0))
    assert render("{{ threshold }}", alert_of(rule_of(band))) == "0.00001 to 90000"


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{{ threshold | price }}", "0.00001 to 50000000"),
        ("{{ threshold | fixed(1) }}", "0.0 to 50000000.0"),
        ("{{ threshold | si }}", "0.00001 to 50M"),
        ("{{ threshold.low }}", "0.00001"),
        ("{{ threshold.high | si }}", "50M"),
    ],
)
def test_the_filters_take_a_band_as_well(text: str, rendered: str) -> None:
    band = metric_test("close", Operator.OUTSIDE, Band(0.00001, 50_000_000.0))
    assert render(text, alert_of(rule_of(band))) == rendered


def test_a_title_may_tell_the_end_by_the_state() -> None:
    text = "{{ symbol }} {% if state == 'resolved' %}calm{% else %}wild{% endif %}"
    over = attrs.evolve(alert_of(), state=AlertState.RESOLVED)
    assert (render(text, alert_of()), render(text, over)) == ("BTCUSDT wild", "BTCUSDT calm")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ 1e999 }}", "a number in it is too large"),
        ("{{ 1e308 * 10 | fixed(1) }}", "'*' takes a number, not '10.0'"),
        ("{{ (1e308 * 10) | fixed(1) }}", "too large a number"),
        ("{{ 1e308 + 1e308 }}", "too large a number"),
        ("{{ " + "9" * 5000 + " }}", "a number in it has too many digits"),
        ("{{ (-1) ** 0.5 }}", "the root of a negative number"),
        ("{{ symbol | truncate(1) }}", "expected length >= 3, got 1"),
        ("{{ time.strftime }}", "strftime is a function: write () after it"),
        ("{{ '\\ud83d' }}", "surrogates not allowed"),
        ("{{ 5[1:2] }}", "5 has no parts to take"),
        ("{{ symbol.removesuffix(a=1, a=2) }}", "keyword argument repeated"),
        ("{{ time.strftime('" + "%c" * 900 + "') }}", "renders to 21600 characters"),
    ],
)
def test_what_cannot_be_sent_is_a_mistake_in_words(text: str, words: str) -> None:
    assert words in str(mistake_in(text))


def test_a_mistake_quotes_only_the_beginning_of_what_is_long() -> None:
    assert len(str(mistake_in("{{ " + "a" * 9000 + " }}"))) == 201


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("{{ change_percent | fixed(1) }}", "3.3"),
        ("{{ quote_volume | si }}", "17.9B"),
        ("{{ threshold | price }}", "100000"),
        ("{{ held_for | ago }}", "0s ago"),
        ("{{ close | round }}", "100012"),
        ("{{ close | round(-1 + 2) }}", "100012.3"),
        ("{{ symbol | lower }}", "btcusdt"),
        ("{{ symbol.removesuffix('USDT') }} {{ symbol[:3] }}", "BTC BTC"),
        ("{% if change > 0 %}up{% else %}down{% endif %}", "up"),
        ("{{ (close - open) * 2 }}", "6324.4"),
        ("{{ 2 ** 10 }}", "1024"),
        ("{{ (held_for - 300) | ago }}", "in 5m"),
        ("{{ time.strftime('%H:%M') }}", "14:30"),
        ("{% if symbol in ['BTCUSDT', 'ETHUSDT'] %}major{% endif %}", "major"),
    ],
)
def test_filters_and_expressions_calculate(text: str, rendered: str) -> None:
    assert render(text, alert_of()) == rendered


def test_ago_counts_from_now() -> None:
    now_ms = time.time_ns() // 1_000_000
    assert render("{{ time | ago }}", attrs.evolve(alert_of(), time_ms=now_ms)) == "just now"


@pytest.mark.parametrize("use", ["", " | price", " | fixed(2)", " | si", " | round", " | ago"])
def test_an_undefined_metric_is_written_so_with_or_without_a_filter(use: str) -> None:
    assert render(f"{{{{ vwap{use} }}}}", QUIET) == "n/a"


def test_the_text_is_plain_and_not_escaped() -> None:
    assert render("a < b & {{ symbol }}", alert_of()) == "a < b & BTCUSDT"


def test_an_unknown_name_is_a_mistake_with_its_line_and_a_suggestion() -> None:
    mistake = mistake_in("first\n{{ clsoe }}")
    assert str(mistake) == "unknown name 'clsoe' (did you mean 'close'?)"
    assert mistake.line == 2


def test_an_unknown_name_is_found_in_a_branch_that_is_not_taken() -> None:
    assert "unknown name 'clos'" in str(mistake_in("{% if close < 0 %}{{ clos }}{% endif %}x"))


def test_an_unknown_filter_is_a_mistake_with_a_suggestion() -> None:
    mistake = mistake_in("{{ close | fixd(2) }}")
    assert str(mistake) == "unknown filter 'fixd' (did you mean 'fixed'?)"


def test_a_syntax_error_has_its_line() -> None:
    mistake = mistake_in("a\nb\n{{ close")
    assert "unexpected end of template" in str(mistake)
    assert mistake.line == 3


def test_a_calculation_that_fails_has_its_line() -> None:
    mistake = mistake_in("a\n\n{{ close / 0 }}")
    assert str(mistake) == "it divides by zero"
    assert mistake.line == 3


def test_a_filter_refuses_what_is_no_number() -> None:
    assert str(mistake_in("{{ symbol | price }}")) == "price takes a number, not 'BTCUSDT'"


def test_an_unknown_attribute_is_a_mistake_and_not_empty_text() -> None:
    assert "a time has no 'foo'" in str(mistake_in("x{{ time.foo }}"))


def test_a_template_that_renders_to_nothing_is_a_mistake() -> None:
    assert str(mistake_in(" {# nothing #} ")) == "renders to nothing"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ time.__class__ }}",
        "{{ symbol.__init__.__globals__ }}",
        "{{ threshold.__class__ }}",
        "{{ symbol.format(close) }}",
        "{{ '{:9999999999}'.format(1) }}",
        "{{ symbol.encode() }}",
        "{{ self }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ close | attr('real') }}",
        "{{ time.strptime('1', '%d') }}",
        "{{ time.tzinfo }}",
        "{{ time.now() }}",
        "{{ symbol | map('upper') }}",
        "{% include 'passwd' %}",
        "{% import 'os' as os %}x",
    ],
)
def test_the_sandbox_has_no_way_out(text: str) -> None:
    assert str(mistake_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in symbol %}{% endfor %}x",
        "{% macro m() %}{{ m() }}{% endmacro %}x",
        "{% set a = symbol ~ symbol %}x",
        "{{ symbol * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ (((9 ** 64) ** 64) ** 64) ** 64 }}",
        "{{ symbol.center(1000000000) }}",
        "{{ symbol | center(1000000000) }}",
        "{{ close | round(1000000000) }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "x" * (MAX_LENGTH + 1),
    ],
)
def test_a_template_that_would_run_wild_is_refused(text: str) -> None:
    assert str(mistake_in(text))


PIECES = st.sampled_from(
    [
        *(
            "{{ symbol }}",
            "{{- rule -}}",
            "{{ close | fixed(2) }}",
            "{# note #}",
            "{% raw %}{{{% endraw %}",
        ),
        *("{% if close > 1 %}", "{%- else -%}", "{% endif %}", "{% if close < 1 -%}"),
        *(
            "words",
            " ",
            "\n",
            "\r\n",
            "\n  ",
            "🎯",
            "}}",
            "%",
            "words_0",
            "{{ 1 / 0 }}",
            "{{ words_0 }}",
        ),
    ]
)


@settings(deadline=None)  # a shared machine may pause at any time
@given(texts=st.lists(st.lists(PIECES, max_size=8).map("".join), min_size=2, max_size=3))
def test_templates_that_share_their_shape_render_as_if_each_was_alone(texts: list[str]):
    for text in texts:
        for variant in (text, text.replace("words", "other words"), text.replace("🎯", "!")):
            ours = outcome(partial(render, variant, alert_of()))
            assert ours == outcome(partial(alone, variant))


def alone(text: str) -> str:
    """What Jinja2 makes of a template of our language by itself."""
    tree = language._LANGUAGE.parse(text)
    language._vet(tree)
    return language._LANGUAGE.from_string(tree).render(facts_of(alert_of())).strip()


def outcome(render_it: Callable[[], str]) -> str | int:
    """The text, or the line of the mistake."""
    try:
        return render_it() or 1  # what renders to nothing is a mistake
    except TemplateMistake as mistake:
        return mistake.line
    except jinja2.TemplateSyntaxError as error:
        return error.lineno
    except ZeroDivisionError as error:
        return template._line_of(error)


def test_templates_that_differ_in_words_alone_are_compiled_once():
    compiled = [compile_template(f"{{{{ symbol }}}} level {number} 🎯") for number in range(3)]
    assert len({id(it._shape) for it in compiled}) == 1


def test_the_line_of_a_failure_is_its_own_templates():
    for lines in (1, 2, 3):
        with pytest.raises(TemplateMistake) as caught:
            render("x" + "\n" * (lines - 1) + "{{- 1 / 0 }}", alert_of())
        assert caught.value.line == lines
