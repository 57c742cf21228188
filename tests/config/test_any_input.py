"""Whatever a file holds, it is a configuration or a list of mistakes, never a traceback."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.config.certainties import certainties
from alertd.config.load import SECTIONS, load_config
from alertd.config.mistakes import MistakesError, WrongError, wrongs_in
from alertd.config.reach import reach
from alertd.config.summary import as_text
from alertd.config.summary_data import as_data
from alertd.config.survey import Survey
from alertd.config.when import condition
from alertd.engine.condition import comparisons_in
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.words import in_words
from tests.config.files import SMALL_LISTING
from tests.config.written_rules import rules

WORDS = st.sampled_from(
    [
        "market",
        "feed",
        "url",
        "connect_rate",
        "channels",
        "phone",
        "urls",
        "defaults",
        "rules",
        "log",
        "level",
        "format",
        "symbols",
        "exclude",
        "when",
        "for",
        "cooldown",
        "severity",
        "notify",
        "title",
        "message",
        "enabled",
        "close",
        "range_percent",
        "above",
        "between",
        "crosses_above",
        "BTCUSDT",
        "usdm",
        "30s",
        "5",
        "50M",
        "json://localhost",
        "${A}",
        "$",
        "true",
        "''",
        "~",
        ".inf",
        "<<",
        "warning",
        "{{x}}",
        "*.yaml",
    ]
)
# The words of conditions and of a rule's life, and values that nearly fit them.
LANGUAGE = st.sampled_from(
    [
        *METRICS,
        *(operator.value for operator in Operator),
        *("all", "any", "not", "within", "rearm"),
        *("days", "hours", "timezone", "mon-fri", "sat - mon", "08:00-22:00", "24:00-00:00"),
        *("UTC", "Europe/Berlin", "../UTC", "never", "always", "2027-01-01T00:00Z", "2027-01-01"),
        *(
            "5%",
            "0%",
            "1e400%",
            "-1",
            "50M",
            "1e-400",
            "%",
            "5m",
            "24h",
            "0",
            "9999-12-31T23:59-23:59",
        ),
    ]
)
LEAVES = LANGUAGE | st.integers() | st.floats() | st.booleans() | st.none()
WHENS = st.recursive(
    LEAVES,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(LANGUAGE, part, max_size=4),
    max_leaves=30,
)


@settings(deadline=None)  # a shared machine may pause at any time
@given(tree=WHENS)
def test_any_tree_below_when_is_a_condition_or_mistakes(tree: object):
    try:
        assert comparisons_in(condition(tree))
    except (WrongError, ExceptionGroup) as error:
        assert wrongs_in(error)  # noqa: PT017 - either outcome is right


TESTS = st.dictionaries(
    st.sampled_from([operator.value for operator in Operator] + ["within", "rearm"]),
    st.integers(-2, 200)
    | st.sampled_from(["5%", "100%", "150%", "5m", "vwap", "volume"])
    | st.lists(st.integers(-2, 2) | st.sampled_from(["low", "high"]), min_size=2, max_size=2),
    min_size=1,
    max_size=3,
)
NEARLY = st.recursive(
    st.dictionaries(st.sampled_from(list(METRICS)), TESTS, min_size=1, max_size=2),
    lambda part: (
        st.dictionaries(st.sampled_from(["all", "any"]), st.lists(part, max_size=3), min_size=1)
        | st.fixed_dictionaries({"not": part})
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(tree=NEARLY)
def test_what_is_nearly_a_condition_can_be_said_in_words_or_is_mistaken(tree: object):
    try:
        assert in_words(condition(tree))
    except (WrongError, ExceptionGroup) as error:
        assert wrongs_in(error)  # noqa: PT017 - either outcome is right


TREES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), part, max_size=5)
    ),
    max_leaves=30,
)


@settings(deadline=None)  # a shared machine may pause at any time
@given(tree=TREES)
def test_any_tree_is_a_configuration_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, tree: object
):
    check_loads_or_is_mistaken(tmp_path_factory.mktemp("any") / "config.yaml", dumped(tree))


LIFE = (
    *("rearm", "keep_firing_for", "cooldown", "repeat", "once", "expires", "active"),
    "notify_resolved",
)
NAMES = ("phone", "desk", "mail")
NIGHTS = st.sampled_from(["23:00-07:00", "00:00-24:00", "12:00-12:01"])
DAYS = st.sampled_from(["mon-sun", "sat", "fri-mon"])
CHANNELS = st.fixed_dictionaries(
    {"url": st.just("json://localhost")},
    optional={
        "rate": TREES | st.just("1/s"),
        "digest_over": TREES | st.integers(),
        "min_severity": TREES | st.just("warning"),
        "quiet": TREES | st.fixed_dictionaries({"hours": NIGHTS | TREES}, optional={"days": DAYS}),
        "chart": TREES | st.fixed_dictionaries({"span": TREES | st.sampled_from(["6h", "1m"])}),
        "fallback": TREES | st.sampled_from(NAMES),
    },
)
ANY_SECTIONS = st.fixed_dictionaries(
    {
        "channels": st.dictionaries(st.sampled_from(NAMES), CHANNELS, min_size=1) | TREES,
        "rules": st.fixed_dictionaries(
            {
                "rules": st.dictionaries(
                    WORDS,
                    st.fixed_dictionaries(
                        {"symbols": st.just("BTCUSDT") | TREES, "when": TREES | NEARLY},
                        optional={
                            "for": TREES,
                            "notify": TREES,
                            "title": TREES,
                            "enabled": TREES,
                            **dict.fromkeys(LIFE, WHENS),
                        },
                    ),
                    max_size=3,
                )
            }
        ),
    },
    optional=dict.fromkeys(set(SECTIONS) - {"channels", "rules"}, TREES),
)


@settings(deadline=None)  # a shared machine may pause at any time
@given(tree=ANY_SECTIONS)
def test_any_sections_are_a_configuration_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, tree: object
):
    check_loads_or_is_mistaken(tmp_path_factory.mktemp("any") / "config.yaml", dumped(tree))


WRITTEN = st.fixed_dictionaries(
    {
        "channels": st.just({"phone": "json://localhost", "desk": "json://localhost/desk"}),
        "defaults": rules(),
        "rules": st.fixed_dictionaries(
            {"rules": st.dictionaries(st.sampled_from("abc"), rules(), min_size=1)},
            optional={"defaults": rules()},
        ),
    }
)


@settings(deadline=None)
@given(tree=WRITTEN)
def test_what_is_nearly_a_configuration_is_checked_in_words_or_mistaken(
    tmp_path_factory: pytest.TempPathFactory, tree: object
):
    check_loads_or_is_mistaken(tmp_path_factory.mktemp("any") / "config.yaml", dumped(tree))


def dumped(tree: object) -> str:
    return str(yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True))


def check_loads_or_is_mistaken(file: Path, text: str) -> None:
    file.write_text(text)
    try:
        config = load_config(file, environment={})
    except MistakesError as error:
        texts = [mistake.text for mistake in error.mistakes]
        assert texts
        assert all(text.isprintable() and len(text) < 1000 for text in texts)
    else:
        certainties(config)
        reach(config)
        survey = Survey.of(config, SMALL_LISTING, None)
        assert as_text(survey, config.rules)
        assert as_data(survey, (), config.rules)


@settings(deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_a_configuration_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
):
    file = tmp_path_factory.mktemp("any") / "config.yaml"
    file.write_bytes(raw)
    with pytest.raises(MistakesError):
        load_config(file, environment={})
