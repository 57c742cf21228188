"""`alertd check` and the newest tickers: how each rule stands now, as people and programs read it."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from alertd.cli import main
from tests.config.files import HEAD, SYSTEM, Folder
from tests.market.rest_servers import answers, lists, rest_server


def row(symbol: str, close: float, **fields: float) -> dict[str, Any]:
    """A ticker as REST has it: nothing has moved, and 1,000 were traded."""
    prices = {f"{it}Price": str(close) for it in ("last", "open", "high", "low")}
    amounts = {"volume": "1000", "quoteVolume": str(1000 * close), "closeTime": 1_785_974_400_000}
    return {"symbol": symbol, **prices, **amounts} | {key: str(it) for key, it in fields.items()}


MARKET = [row("BTCUSDT", 100_000), row("ETHUSDT", 2500), row("SOLUSDT", 200, openPrice=190)]


def check(folder: Folder, rules: str, *options: str, market: object = MARKET) -> Result:
    tickers = answers(json.dumps(market).encode())
    with rest_server(lists("BTCUSDT", "ETHUSDT", "SOLUSDT"), tickers) as server:
        feed = f"feed: {{rest_url: '{server.url}'}}\n"
        defaults = "defaults: {notify: phone, symbols: all}\n"
        file = folder.write(
            "config.yaml", f"{feed}{HEAD}{defaults}rules: {{rules: {{{rules}}}}}\n{SYSTEM}"
        )
        arguments = ["check", "--config", str(file), *options]
        return CliRunner().invoke(main, arguments, catch_exceptions=False)


def now(folder: Folder, when: str, keys: str = "", market: object = MARKET) -> str:
    """Return what is said of a rule with this condition."""
    result = check(folder, f"a: {{when: {{{when}}}, {keys}}}", market=market)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [it.strip() for it in result.stdout.splitlines() if it.startswith("    now")]
    return lines[0].removeprefix("now").strip()


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("close: {above: 1000}", "true for 2 of 3: BTCUSDT, ETHUSDT"),
        ("close: {above: 110000}", "not true; nearest BTCUSDT, 10% to go"),
        ("close: {below: 150}", "not true; nearest SOLUSDT, 25% to go"),
        ("close: {between: [3k, 50k]}", "not true; nearest ETHUSDT, 20% to go"),
        ("change_percent: {at_least: 8}", "not true; nearest SOLUSDT, 2.74 points to go"),
        ("change: {at_least: 8}", "true for 1 of 3: SOLUSDT"),
        ("change: {at_least: 11}", "not true; nearest SOLUSDT, 10% to go"),
        ("close: {crosses_above: 110k}", "waits for it to happen; nearest BTCUSDT, 10% away"),
        ("close: {crosses_every: 1000}", "waits for it to happen"),
        ("close: {new_high: 4h}", "needs 4h of ticks"),
        ("close: {falls: 3%, within: 5m}", "needs 5m of ticks"),
        (
            "close: {above: 90k}, change: {above: 5}",
            "not true; nearest BTCUSDT, change 5 to go",
        ),
        (
            "close: {crosses_above: 110k}, volume: {above: 10}",
            "waits for it to happen; nearest BTCUSDT, close 10% away",
        ),
        (
            "close: {above: 200k}, change: {above: 50}",
            "not true; nearest BTCUSDT, 0 of 2 parts hold",
        ),
        ("any: [{close: {above: 200k}}, {change: {above: 50}}]", "not true"),
        ("not: {close: {above: 100}}", "not true"),
    ],
)
def test_how_a_rule_stands_is_told_in_words(folder: Folder, when: str, words: str):
    assert now(folder, when) == words


def test_of_a_single_symbol_no_name_is_told(folder: Folder):
    assert now(folder, "close: {above: 1}", "symbols: BTCUSDT") == "true"
    assert now(folder, "close: {above: 110k}", "symbols: BTCUSDT") == "not true; 10% to go"


def test_a_symbol_without_a_ticker_is_not_counted(folder: Folder):
    words = now(folder, "close: {above: 1}", market=MARKET[:2])
    assert words == "true for 2 of 2: BTCUSDT, ETHUSDT"
    assert now(folder, "close: {above: 1}", market=[]) == "not known: no ticker of it yet"


def test_the_life_of_a_rule_is_told(folder: Folder):
    keys = (
        "for: 30s, keep_firing_for: 1m, repeat: 1h, cooldown: 5m, notify_resolved: true, "
        "active: {days: mon-fri}, expires: 2126-12-31T23:59+01:00"
    )
    result = check(folder, f"a: {{when: {{close: {{above: 1}}}}, {keys}}}")
    assert (
        "life held for 30s; over when false for 1m; at most every 5m; again every 1h while it "
        "fires; says when it is over; active mon-fri UTC; until 2126-12-31 22:59 UTC"
    ) in " ".join(result.stdout.split())


def test_a_rule_that_can_never_fire_is_a_mistake(folder: Folder):
    result = check(folder, "a: {when: {close: {above: high}}}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"{folder.path}/config.yaml:4:27: rule `a` can never fire: no tick makes "
        "`close above high` true\n"
    )


def test_a_rule_that_is_always_true_is_a_warning(folder: Folder):
    result = check(folder, "a: {when: {close: {at_most: high}}}")
    assert result.exit_code == 0
    assert "4:27: rule `a` is true on every tick" in result.stderr


def test_a_rule_that_is_true_for_most_of_many_symbols_is_a_warning(folder: Folder):
    market = [row(f"A{number}USDT", number + 1) for number in range(20)]
    tickers = answers(json.dumps(market).encode())
    with rest_server(lists(*(it["symbol"] for it in market)), tickers) as server:
        text = (
            f"feed: {{rest_url: '{server.url}'}}\n{HEAD}{SYSTEM}defaults: {{notify: phone, symbols: all}}\n"
            "rules: {rules: {half: {when: {close: {above: 10}}}, most: {when: {close: {above: 9}}}}}"
        )
        file = folder.write("config.yaml", text)
        result = CliRunner().invoke(main, ["check", "--config", str(file)], catch_exceptions=False)
    assert result.stderr == (
        f"warning: {file}:5:66: rule `most` is true now for 11 of 20 symbols: it would fire at "
        "the start\n"
    )


def test_programs_are_told_how_a_rule_stands(folder: Folder):
    result = check(folder, "a: {when: {close: {above: 110k}}}", "--json")
    assert json.loads(result.stdout)["rules"][0]["now"] == {
        "known": 3,
        "true": [],
        "waits_for_event": False,
        "needs_ticks_ms": 0,
        "nearest": {
            "symbol": "BTCUSDT",
            "parts": 1,
            "missing": 1,
            "distance": 10_000.0,
            "distance_percent": 10.0,
        },
    }


def test_programs_are_told_the_warnings_too(folder: Folder):
    result = check(folder, "a: {when: {close: {at_most: high}}}", "--json")
    (warning,) = json.loads(result.stdout)["warnings"]
    assert (warning["line"], warning["column"]) == (4, 27)
    assert warning["text"].startswith("rule `a` is true on every tick")


def test_without_tickers_a_warning_says_why_and_nothing_is_told(folder: Folder):
    result = check(folder, "a: {when: {close: {above: 1}}}", market={"code": -1})
    assert result.exit_code == 0
    assert "    now" not in result.stdout
    assert result.stderr.startswith(
        "warning: how the rules stand now is not known: no list of tickers: "
    )


def test_an_exchange_that_does_not_answer_is_asked_once(folder: Folder):
    with rest_server(answers(status=451)) as server:
        text = f"feed: {{rest_url: '{server.url}'}}\n{HEAD}rules: {{rules: {{a: {{symbols: BTCUSDT, notify: phone, when: {{close: {{above: 1}}}}}}}}}}"
        file = folder.write("config.yaml", text)
        CliRunner().invoke(main, ["check", "--config", str(file)], catch_exceptions=False)
    assert len(server.asked) == 1


MANY = ", ".join(f"r{number}: {{when: {{close: {{above: {number}k}}}}}}" for number in range(1, 40))


def test_of_many_rules_each_has_a_line(folder: Folder):
    lines = check(folder, MANY).stdout.splitlines()
    assert lines[:4] == [
        "39 rules",
        "",
        "  rule  symbols  now",
        "  r1         3  true for 2 of 3: BTCUSDT, ETHUSDT",
    ]


def test_no_line_is_wider_than_a_terminal(folder: Folder):
    long = ", ".join(
        f"{'x' * 60}-{number}: {{when: {{close: {{above: 1}}}}}}" for number in range(40)
    )
    lines = check(folder, long).stdout.splitlines()
    assert max(len(line) for line in lines if str(folder.path) not in line) == 80


def test_rules_that_are_named_are_told_in_full_and_alone(folder: Folder):
    result = check(folder, MANY, "r1", "r2*")
    names = [line.strip() for line in result.stdout.splitlines() if line[2:3] == "r"]
    assert names == ["r1", "r2", *(f"r2{digit}" for digit in range(10))]
    assert "    when    close above 1000\n" in result.stdout


def test_a_name_that_no_rule_has_is_a_mistake(folder: Folder):
    result = check(folder, "btc: {when: {close: {above: 1}}}", "btd")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: no rule `btd` (did you mean `btc`?)\n"


def test_another_exchange_may_be_asked_than_the_one_that_is_configured(folder: Folder):
    file = folder.write(
        "config.yaml",
        f"{HEAD}rules: {{rules: {{a: {{notify: phone, symbols: all, when: {{close: {{above: 1000}}}}}}}}}}",
    )
    tickers = answers(json.dumps(MARKET).encode())
    with rest_server(lists("BTCUSDT", "ETHUSDT", "SOLUSDT"), tickers) as server:
        arguments = ["check", "--config", str(file), "--rest-url", server.url]
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert "true for 2 of 3: BTCUSDT, ETHUSDT" in result.stdout
