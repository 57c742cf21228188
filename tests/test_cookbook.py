"""The cookbook's recipes: each loads, does what its tests say, and is shown as it is."""

import re
from pathlib import Path

import pytest

from alertd.config.files import TESTS
from alertd.config.load import load_config
from alertd.rule_tests.reading import read_suite
from alertd.rule_tests.report import as_text
from alertd.rule_tests.running import run_suite

COOKBOOK = Path(__file__).parents[1] / "docs" / "cookbook"
PAGE = (COOKBOOK / "README.md").read_text(encoding="utf-8")
RECIPES = sorted(file for file in COOKBOOK.glob("*.yaml") if not file.name.endswith(TESTS))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.stem))
def test_a_recipe_does_what_its_tests_say(recipe: Path):
    outcome = run_suite(read_suite(recipe.with_name(f"{recipe.stem}{TESTS}")))
    assert outcome.outcomes
    assert outcome.passed, as_text([outcome])


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.stem))
def test_a_recipe_is_shown_as_it_is(recipe: Path):
    shown = f"`{recipe.name}`\n\n```yaml\n{recipe.read_text(encoding='utf-8')}```\n"
    assert shown in PAGE


def test_nothing_else_is_shown():
    assert len(re.findall(r"^```yaml$", PAGE, re.MULTILINE)) == len(RECIPES)


def test_all_recipes_load_together(tmp_path: Path):
    config = tmp_path / "config.yaml"
    config.write_text(
        "channels: {phone: 'json://localhost'}\n"
        "defaults: {notify: phone}\n"
        f"rules: ['{COOKBOOK}/*.yaml']\n"
    )
    loaded = load_config(config, environment={})
    assert len(loaded.files) == 1 + len(RECIPES)
