"""Whatever a file holds, it is a configuration or a list of mistakes, never a traceback."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError

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


SECTIONS = st.fixed_dictionaries(
    {
        "channels": st.just({"phone": "json://localhost"}) | TREES,
        "rules": st.fixed_dictionaries(
            {
                "rules": st.dictionaries(
                    WORDS,
                    st.fixed_dictionaries(
                        {"symbols": st.just("BTCUSDT") | TREES, "when": TREES},
                        optional={"for": TREES, "notify": TREES, "title": TREES, "enabled": TREES},
                    ),
                    max_size=3,
                )
            }
        ),
    },
    optional={"feed": TREES, "log": TREES, "defaults": TREES, "market": TREES},
)


@settings(deadline=None)  # a shared machine may pause at any time
@given(tree=SECTIONS)
def test_any_sections_are_a_configuration_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, tree: object
):
    check_loads_or_is_mistaken(tmp_path_factory.mktemp("any") / "config.yaml", dumped(tree))


def dumped(tree: object) -> str:
    return str(yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True))


def check_loads_or_is_mistaken(file: Path, text: str) -> None:
    file.write_text(text)
    try:
        load_config(file, environment={})
    except MistakesError as error:
        assert error.mistakes  # noqa: PT017 - either outcome is right


@settings(deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_a_configuration_or_mistakes(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
):
    file = tmp_path_factory.mktemp("any") / "config.yaml"
    file.write_bytes(raw)
    with pytest.raises(MistakesError):
        load_config(file, environment={})
