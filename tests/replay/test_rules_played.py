"""Which rules are played, and what is known of the channels that they speak to."""

from pathlib import Path

import pytest

from alertd.config.mistakes import MistakesError
from alertd.engine.rule import Severity
from alertd.rate import Rate
from alertd.replay.rules_played import RulesPlayed, read_rules_played

CONFIG = """
channels:
  phone: {url: 'tgram://${TOKEN}/${CHAT}', rate: 3/m}
  desk: json://localhost
defaults: {notify: phone, severity: warning}
rules:
  - rules/*.yaml
  - rules: {own: {symbols: all, when: {close: {above: 1}}}}
"""
RULES = "rules: {up: {symbols: BTCUSDT, when: {close: {above: 100}}}}"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "majors.yaml").write_text(RULES)
    (tmp_path / "rules" / "majors.test.yaml").write_text("tests: []")
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG)
    return file


def read(config: Path | None, *patterns: str, **environment: str) -> RulesPlayed:
    return read_rules_played(config, patterns, environment=environment)


def mistakes(config: Path | None, *patterns: str) -> list[str]:
    with pytest.raises(MistakesError) as caught:
        read(config, *patterns)
    return [str(mistake) for mistake in caught.value.mistakes]


def names(played: RulesPlayed) -> list[str]:
    return [rule.name for rule in played.rules]


def test_the_rules_of_a_configuration_are_played_without_its_secrets(config: Path):
    assert names(read(config)) == ["up", "own"]


def test_a_channel_whose_secrets_are_missing_keeps_its_url_as_it_is_written(config: Path):
    phone, desk = read(config).channels
    assert phone.urls == ("tgram://${TOKEN}/${CHAT}",)
    assert phone.rate == Rate(3, 60)
    assert desk.urls == ("json://localhost",)


def test_a_channel_whose_secrets_are_there_is_filled_in(config: Path):
    phone, _ = read(config, TOKEN="123456789:" + "a" * 35, CHAT="42").channels
    assert phone.urls == ("tgram://123456789:" + "a" * 35 + "/42",)


def test_several_urls_are_kept_too(config: Path):
    config.write_text(CONFIG.replace("url: 'tgram://${TOKEN}/${CHAT}'", "urls: ['tgram://${A}']"))
    assert read(config).channels[0].urls == ("tgram://${A}",)


def test_files_that_are_named_are_played_in_place_of_the_configurations(config: Path):
    other = config.with_name("other.yaml")
    other.write_text(RULES.replace("up:", "other:"))
    (rule,) = read(config, str(other)).rules
    assert (rule.name, rule.severity, rule.notify) == ("other", Severity.WARNING, ("phone",))


def test_a_glob_stands_for_files_but_for_none_of_tests(config: Path):
    assert names(read(None, str(config.parent / "rules" / "*.yaml"))) == ["up"]


def test_without_a_configuration_a_rule_may_notify_anybody(config: Path):
    alone = config.with_name("alone.yaml")
    alone.write_text(RULES.replace("symbols:", "notify: nobody, symbols:"))
    assert names(read(None, str(alone))) == ["up"]
    (mistake,) = mistakes(config, str(alone))
    assert mistake.startswith(f"{alone}:1:22: unknown channel `nobody`")


def test_a_channel_that_is_wrong_but_for_its_url_is_a_mistake(config: Path):
    config.write_text(CONFIG.replace("3/m", "often"))
    (mistake,) = mistakes(config)
    assert mistake.startswith(f"{config}:3:50: a rate")


def test_rules_that_are_not_enabled_are_left_out(config: Path):
    config.write_text(CONFIG.replace("symbols: all", "enabled: false, symbols: all"))
    assert names(read(config)) == ["up"]


def test_a_rule_that_has_expired_by_now_is_played(config: Path):
    file = config.with_name("old.yaml")
    file.write_text(RULES.replace("symbols:", "expires: 2025-05-06T00:00Z, symbols:"))
    assert names(read(None, str(file))) == ["up"]


def test_only_disabled_rules_are_a_mistake(config: Path):
    file = config.with_name("off.yaml")
    file.write_text(RULES.replace("symbols:", "enabled: false, symbols:"))
    assert mistakes(None, str(file)) == [f"{file}: none of the rules is enabled"]


def test_a_file_that_is_not_there_is_a_mistake(config: Path):
    assert mistakes(config, "missing/*.yaml") == ["missing/*.yaml: no such file of rules"]


def test_a_configuration_without_rules_is_a_mistake(config: Path):
    config.write_text("channels: {}")
    assert mistakes(config) == [
        f"{config}:1:1: `rules` is missing: the files of rules, like [rules/*.yaml]"
    ]


def test_the_same_name_in_two_files_is_a_mistake(config: Path):
    other = config.with_name("other.yaml")
    other.write_text(RULES)
    (mistake,) = mistakes(None, str(config.parent / "rules" / "majors.yaml"), str(other))
    assert "rule `up` stands at" in mistake


def test_a_folder_stands_for_the_files_in_it_but_tests_of_rules(config: Path):
    folder = config.parent / "rules"
    (folder / "majors.test.yaml").write_text("tests: []")
    assert names(read(None, str(folder))) == ["up"]
