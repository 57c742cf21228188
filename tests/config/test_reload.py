"""What is said of the difference between two configurations."""

import pytest

from alertd.config.mistakes import Mistake, Place
from alertd.config.model import Config
from alertd.config.reload import changes_in_words, refused, waits_for_restart
from tests.config.files import HEAD, RULE, Folder

BEFORE = HEAD + f"rules: [{{rules: {{a: {RULE}, b: {RULE}}}}}]\n"


@pytest.fixture
def before(folder: Folder) -> Config:
    return folder.load(BEFORE)


def words(before: Config, after: Config) -> str:
    return changes_in_words(before, after, begun=(), ended=())


def test_the_same_text_changes_nothing(folder: Folder, before: Config):
    assert words(before, folder.load(BEFORE + "# a comment\n")) == "nothing has changed"


def test_rules_are_told_as_new_changed_and_gone(folder: Folder, before: Config):
    after = BEFORE.replace(f"a: {RULE}", f"a: {RULE.replace('1}', '2}')}").replace("b:", "c:")
    assert words(before, folder.load(after)) == ("rules: 1 new (c), 1 changed (a), 1 gone (b)")


def test_a_rule_that_changes_by_its_defaults_has_changed(folder: Folder, before: Config):
    after = folder.load(BEFORE + "defaults: {severity: warning}\n")
    assert words(before, after) == "rules: 2 changed (a, b)"


def test_many_names_are_cut_short(folder: Folder, before: Config):
    many = ", ".join(f"r{number}: {RULE}" for number in range(7))
    after = folder.load(BEFORE.replace("{a:", f"{{{many}, a:"))
    assert words(before, after) == "rules: 7 new (r0, r1, r2, r3, r4, and 2 more)"


def test_a_channel_that_changed_is_named_and_its_url_is_not(folder: Folder, before: Config):
    after = folder.load(BEFORE.replace("localhost/desk", "localhost/t0ken"))
    assert words(before, after) == "channels: 1 changed (desk)"


@pytest.mark.parametrize(
    "key",
    [
        "rate: 3/m",
        "digest_over: 9",
        "min_severity: warning",
        "quiet: {days: sat}",
        "fallback: phone",
    ],
)
def test_a_channel_changes_by_any_of_its_keys(folder: Folder, before: Config, key: str):
    after = BEFORE.replace("'json://localhost/desk'", f"{{url: 'json://localhost/desk', {key}}}")
    assert words(before, folder.load(after)) == "channels: 1 changed (desk)"


def test_symbols_that_begin_and_end_are_named(before: Config):
    said = changes_in_words(before, before, begun=("A", "B"), ended=("C",))
    assert said == "symbols: 2 begun (A, B), 1 ended (C)"


@pytest.mark.parametrize(
    ("key", "section"),
    [
        ("feed.connect_rate", "feed: {connect_rate: 2/s}"),
        ("feed.stale_after", "feed: {stale_after: 20s}"),
        ("feed.alert_after", "feed: {alert_after: 5m}"),
        ("system", "system: phone"),
        ("keep", "keep: 30d"),
        ("heartbeat", "heartbeat: {url: 'https://hc-ping.com/t0ken'}"),
        ("log.level", "log: {level: debug}"),
        ("log.format", "log: {format: text}"),
        ("reload", "reload: auto"),
    ],
)
def test_a_setting_that_takes_effect_at_once_is_named(
    folder: Folder, before: Config, key: str, section: str
):
    after = folder.load(f"{BEFORE}{section}\n")
    assert words(before, after) == f"{key} changed"
    assert not list(waits_for_restart(before, after))


@pytest.mark.parametrize(
    ("key", "section"),
    [
        ("feed.url", "feed: {url: 'ws://127.0.0.1:1/market'}"),
        ("feed.rest_url", "feed: {rest_url: 'http://127.0.0.1:1'}"),
        ("feed.connections", "feed: {connections: shared}"),
        ("feed.proxy", "feed: {proxy: 'http://me:t0ken@127.0.0.1:1'}"),
        ("journal", "journal: elsewhere.db"),
    ],
)
def test_a_setting_that_waits_for_a_restart_is_named_without_its_value(
    folder: Folder, before: Config, key: str, section: str
):
    after = folder.load(f"{BEFORE}{section}\n")
    assert words(before, after) == "nothing has changed"
    assert list(waits_for_restart(before, after)) == [f"{key} changes with the next restart"]


def test_a_refusal_has_every_mistake_with_its_place():
    mistakes = [Mistake(Place("a.yaml", 1, 2), "wrong"), Mistake(Place("b.yaml", 3, 4), "worse")]
    outcome = refused(mistakes)
    assert not outcome.ok
    assert outcome.summary == "reload refused for 2 mistakes: what ran before goes on"
    assert outcome.mistakes == ("a.yaml:1:2: wrong", "b.yaml:3:4: worse")
