import gc
from pathlib import Path

import pytest

from alertd.config.files import find_config
from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config, Feed, Log, LogLevel, Market
from alertd.config.watchlist import rules_by_symbol
from alertd.engine.condition import AllOf, Band, Comparison
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule, Severity
from alertd.logs.opening import LogFormat
from alertd.market.feed.feed import Shape
from alertd.market.venue import COINM, USDM
from alertd.rate import Rate
from tests.config.files import HEAD, RULE, Folder

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "tests" / "data"
EXAMPLE_ENVIRONMENT = {
    "TELEGRAM_TOKEN": "123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFGH",
    "TELEGRAM_CHAT": "12345678",
    "SLACK_TOKEN_A": "T1JJ3T3L2",
    "SLACK_TOKEN_B": "A1BRTD4JD",
    "SLACK_TOKEN_C": "TIiajkdnlazkcOXrIdevi7FQ",
}


@pytest.fixture(scope="module")
def everything() -> Config:
    return load_config(DATA / "everything.good.yaml", environment=EXAMPLE_ENVIRONMENT)


def rule_of(config: Config, name: str) -> Rule:
    return next(rule for rule in config.rules if rule.name == name)


def test_the_example_configuration_loads():
    config = load_config(PROJECT / "config.example.yaml", environment=EXAMPLE_ENVIRONMENT)
    assert set(rules_by_symbol(config.rules, None)) == {"BTCUSDT", "ETHUSDT", "SOLUSDT"}
    assert [file.name for file in config.files] == ["config.example.yaml", "majors.yaml"]


def test_a_rule_is_read_whole(everything: Config):
    close, spread = METRICS["close"], METRICS["range_percent"]
    assert rule_of(everything, "levels") == Rule(
        name="levels",
        symbols=("BTCUSDT", "ETHUSDT", "币安人生USDT", "BTCUSDT_261225"),
        exclude=("ETHUSDT",),
        when=AllOf(
            (
                Comparison(close, Operator.ABOVE, 100_000.0),
                Comparison(close, Operator.BELOW, 1.2e9),
                Comparison(close, Operator.AT_LEAST, 100_000.0),
                Comparison(close, Operator.AT_MOST, 1_048_576.0),
                Comparison(spread, Operator.BETWEEN, Band(1.0, 12.5)),
                Comparison(spread, Operator.OUTSIDE, Band(-2500.0, -1.0)),
            )
        ),
        hold_for_ms=500,
        cooldown_ms=0,
        severity=Severity.CRITICAL,
        notify=("desk", "both"),
        title="{{ symbol }} at {{ close }}",
        message="{{ rule }}:\n{{ symbol }}\n",
        enabled=True,
        chart=False,
    )


def test_levels_are_floats_whatever_was_written(everything: Config):
    when = rule_of(everything, "no").when
    assert isinstance(when, Comparison)
    assert (when.level, type(when.level)) == (17.0, float)


def test_a_single_test_is_a_condition_by_itself(everything: Config):
    assert rule_of(everything, "no").when == Comparison(
        METRICS["low"], Operator.CROSSES_BELOW, 17.0
    )


def test_the_rule_comes_before_its_files_defaults_and_those_before_the_configurations(
    everything: Config,
):
    crossings = rule_of(everything, "crossings")
    assert (crossings.cooldown_ms, crossings.severity) == (5_400_000, Severity.INFO)
    assert crossings.notify == ("phone",)
    assert rule_of(everything, "no").cooldown_ms == 300_000


def test_a_default_for_is_not_for_rules_about_crossings(everything: Config):
    assert rule_of(everything, "crossings").hold_for_ms == 0


def test_rules_keep_the_order_in_which_they_are_written(everything: Config):
    assert [rule.name for rule in everything.rules] == ["levels", "crossings", "2024", "no"]


def test_an_anchor_carries_a_rule_over(everything: Config):
    copy = rule_of(everything, "2024")
    assert copy.when == rule_of(everything, "levels").when
    assert not copy.enabled


def test_the_feed_and_the_log_are_read(everything: Config):
    assert everything.feed == Feed(
        url="ws://127.0.0.1:8765/market",
        rest_url="http://127.0.0.1:8766",
        connections=Shape.SHARED,
        connect_rate=Rate(20, 60),
        stale_after_ms=20_000,
        alert_after_ms=120_000,
        proxy="http://user:pass%23word@127.0.0.1:3128",
    )
    assert everything.log == Log(LogLevel.DEBUG, LogFormat.TEXT)


def test_channels_have_their_urls(everything: Config):
    assert {channel.name: channel.urls for channel in everything.channels} == {
        "phone": ("tgram://123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFGH/12345678",),
        "desk": ("json://localhost:8080/desk",),
        "both": ("json://localhost/a", "json://localhost/b"),
    }


def test_what_is_left_out_has_a_default(folder: Folder):
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {RULE}}}}}")
    assert (config.market, config.feed, config.log) == (Market.USDM, Feed(), Log())
    assert config.venue == USDM
    assert config.feed.connect_rate == Rate(1, 1)
    assert config.feed.connections is Shape.AUTO
    assert config.feed.stale_after_ms == 30_000


def test_files_of_rules_are_found_beside_the_configuration(folder: Folder):
    folder.write("rules/b.yaml", f"rules: {{b: {RULE}}}")
    folder.write("rules/a.yaml", f"rules: {{a: {RULE}}}")
    config = folder.load(f"{HEAD}rules: [rules/*.yaml]")
    assert [rule.name for rule in config.rules] == ["a", "b"]
    assert [file.relative_to(folder.path).as_posix() for file in config.files] == [
        "config.yaml",
        "rules/a.yaml",
        "rules/b.yaml",
    ]


def test_two_stars_look_into_folders(folder: Folder):
    folder.write("rules/deep/er/a.yaml", f"rules: {{a: {RULE}}}")
    assert folder.load(f"{HEAD}rules: 'rules/**/*.yaml'").rules[0].name == "a"


def test_tests_of_rules_are_no_rules(folder: Folder):
    folder.write("rules/a.yaml", f"rules: {{a: {RULE}}}")
    folder.write("rules/a.test.yaml", "tests: []")
    assert len(folder.load(f"{HEAD}rules: [rules/*.yaml]").files) == 2


def test_the_configuration_itself_is_no_file_of_rules(folder: Folder):
    folder.write("a.yaml", f"rules: {{a: {RULE}}}")
    assert len(folder.load(f"{HEAD}rules: ['*.yaml']").rules) == 1


def test_a_file_that_two_patterns_match_is_read_once(folder: Folder):
    folder.write("a.yaml", f"rules: {{a: {RULE}}}")
    assert len(folder.load(f"{HEAD}rules: [a.yaml, 'a*.yaml', ./a.yaml]").rules) == 1


def test_a_name_in_two_files_is_a_mistake_that_names_both_places(folder: Folder):
    folder.write("a.yaml", f"rules:\n  twice: {RULE}")
    folder.write("b.yaml", f"rules: {{twice: {RULE}}}")
    [mistake] = folder.mistakes(f"{HEAD}rules: [a.yaml, b.yaml]")
    assert (
        mistake == "b.yaml:1:9: rule `twice` stands at a.yaml:2:3 already: a name is for one rule"
    )


def test_the_mistakes_of_all_files_are_told_at_once(folder: Folder):
    folder.write("a.yaml", "rules: [")
    folder.write("b.yaml", "rules: {b: {when: 5}}")
    places = [it.partition(": ")[0] for it in folder.mistakes("market: x\nrules: [a.yaml, b.yaml]")]
    assert places == ["a.yaml:2:1", "b.yaml:1:19", "config.yaml:1:9"]


def test_a_mistake_in_defaults_is_told_once_and_not_for_every_rule(folder: Folder):
    text = f"{HEAD}defaults: {{notify: phone, cooldown: 5}}\nrules: {{rules: {{a: {{symbols: A, when: {{close: {{above: 1}}}}}}}}}}"
    assert folder.mistakes(text) == [
        "config.yaml:2:37: `5` of what? write 5s for seconds, 5m for minutes"
    ]


def test_a_broken_template_in_defaults_is_told_once_and_in_its_place(folder: Folder):
    text = f"{HEAD}defaults: {{title: '{{{{ '}}\nrules: {{rules: {{a: {RULE}, b: {RULE}}}}}"
    [mistake] = folder.mistakes(text)
    assert mistake.startswith("config.yaml:2:19: ")


def test_a_mistake_in_a_template_of_several_lines_names_its_line(folder: Folder):
    template = "message: |\n    one\n    {{ two"
    [mistake] = folder.mistakes(f"{HEAD}defaults:\n  {template}\nrules: {{rules: {{a: {RULE}}}}}")
    assert mistake.startswith("config.yaml:3:12: line 2 of the template: ")


def test_what_could_steer_a_terminal_is_shown_escaped(folder: Folder):
    [mistake] = folder.mistakes(f'{HEAD}market: "\\e[31m"\nrules: {{rules: {{a: {RULE}}}}}')
    assert mistake == r"config.yaml:2:9: unknown: `\x1b[31m` (there is `usdm`, `coinm`, `spot`)"


def test_a_channel_with_a_mistake_is_known_to_rules(folder: Folder):
    [mistake] = folder.mistakes(f"channels: {{phone: x}}\nrules: {{rules: {{a: {RULE}}}}}")
    assert mistake.startswith("config.yaml:1:19: ")


def test_a_missing_file_is_one_line(tmp_path: Path):
    with pytest.raises(MistakesError) as raised:
        load_config(tmp_path / "none.yaml", environment={})
    assert str(raised.value) == f"{tmp_path}/none.yaml: cannot be read: no such file or directory"


def test_a_folder_is_no_configuration(tmp_path: Path):
    with pytest.raises(MistakesError, match="cannot be read: is a directory"):
        load_config(tmp_path, environment={})


@pytest.mark.parametrize(
    "url",
    [
        "wss://",
        "ws://host:99999",
        "ws://[",
        "ws://host?x=1",
        "ws://host#x",
        "host:80",
        "ws://a b",
        "ws://a..b",
        f"ws://{'a' * 64}.org",
    ],
)
def test_what_is_no_address_of_streams_is_refused(folder: Folder, url: str):
    [mistake] = folder.mistakes(f"{HEAD}feed: {{url: '{url}'}}\nrules: {{rules: {{a: {RULE}}}}}")
    assert mistake.startswith("config.yaml:2:13: ")


@pytest.mark.parametrize("path", ["", "/", "/ws", "/public", "/stream"])
def test_the_path_that_connects_and_stays_silent_is_refused(folder: Folder, path: str):
    url = f"wss://fstream.binance.com{path}"
    [mistake] = folder.mistakes(f"{HEAD}feed: {{url: '{url}'}}\nrules: {{rules: {{a: {RULE}}}}}")
    assert mistake == "config.yaml:2:13: mini tickers are below /market on this host"


def test_ten_thousand_rules_are_not_too_many(folder: Folder):
    rules = "\n".join(
        f"  rule-{i}: {{symbols: [BTCUSDT, ETHUSDT], when: {{close: {{crosses_above: {i + 1}}}, "
        f"quote_volume: {{above: 50M}}}}, cooldown: 15m, severity: warning, notify: [phone]}}"
        for i in range(10_000)
    )
    folder.write("many.yaml", f"rules:\n{rules}\n")
    assert len(folder.load(f"{HEAD}rules: [many.yaml]").rules) == 10_000


def test_the_garbage_collector_is_on_again_after_mistakes(folder: Folder):
    folder.mistakes("[")
    assert gc.isenabled()


def test_the_file_that_is_given_is_the_configuration():
    assert find_config(Path("x")) == Path("x")


def test_without_one_given_the_file_in_the_current_folder_counts(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
):
    folder.write("config.yaml", "")
    monkeypatch.chdir(folder.path)
    assert find_config(None) == Path("config.yaml")


def test_a_market_brings_its_own_addresses(folder: Folder):
    config = folder.load(f"{HEAD}market: coinm\nrules: {{rules: {{a: {RULE}}}}}")
    assert config.venue == COINM


def test_the_addresses_of_a_market_can_be_others(folder: Folder):
    feed = "feed: {url: ws://a/b, rest_url: http://c:1}"
    venue = folder.load(f"{HEAD}{feed}\nrules: {{rules: {{a: {RULE}}}}}").venue
    assert (venue.name, venue.stream_url, venue.rest_url) == ("usdm", "ws://a/b", "http://c:1")


def test_a_proxys_password_is_a_secret_and_in_no_repr(everything: Config):
    assert {"pass%23word", "pass#word"} <= everything.secrets
    assert "pass%23word" not in repr(everything)


def test_files_are_kept_beside_the_configuration(folder: Folder):
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {RULE}}}}}")
    assert config.state_folder == folder.path / "state"


def test_files_are_kept_where_the_service_manager_says(folder: Folder):
    environment = {"STATE_DIRECTORY": "/var/lib/alertd:/var/lib/other"}
    config = folder.load(f"{HEAD}rules: {{rules: {{a: {RULE}}}}}", environment)
    assert config.state_folder == Path("/var/lib/alertd/state")


def test_the_place_of_each_pattern_is_known_wherever_it_stands(folder: Folder):
    text = """\
defaults: {symbols: [BTCUSDT, "*USD"], notify: phone}
rules:
  rules:
    a: {when: {close: {above: 1}}, exclude: ETHUSDT}
"""
    places = folder.load(f"{HEAD}{text}").rule_places["a"]
    columns = [(place.line, place.column) for place in (*places.symbols, *places.exclude)]
    assert columns == [(2, 22), (2, 31), (5, 45)]


@pytest.mark.parametrize(
    "pattern", ["*", "BTC*", "?USDT", "[!A-F]*", "[]A]*", "币安*", "BTC*_2612??"]
)
def test_globs_are_patterns(folder: Folder, pattern: str):
    rule = RULE.replace("BTCUSDT", f"'{pattern}'")
    assert folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}").rules[0].symbols == (pattern,)


@pytest.mark.parametrize("word", ["all", "All", "ALL"])
def test_all_is_every_symbol(folder: Folder, word: str):
    rule = RULE.replace("BTCUSDT", word)
    assert folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}").rules[0].symbols == ("all",)
