"""`alertd check` and the exchange's list of symbols, from a real server, from disk, from nowhere."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alertd.cli import main
from alertd.market.listing_cache import ListingCache
from alertd.market.venue import USDM
from tests.config.files import HEAD, RULE, SMALL_LISTING, SYSTEM, Folder
from tests.market.rest_servers import answers, lists, real_exchange_info, rest_server

NO_TICKERS = answers(b"[]")
UNKNOWN = "2:30: unknown symbol `BTCUSD` (did you mean `BTCUSDT`?)"


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def check(folder: Folder, symbols: str, *options: str, feed: str = "") -> Result:
    """Run the command on a rule for these symbols; `{path}` is what stands for the folder."""
    rule = RULE.replace("BTCUSDT", symbols)
    feed = f"feed: {{{feed}}}\n" if feed else ""
    file = folder.write("config.yaml", f"{HEAD}rules: {{rules: {{a: {rule}}}}}\n{SYSTEM}{feed}")
    arguments = ["check", "--config", str(file), *options]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def rest(url: str) -> str:
    return f"rest_url: '{url}'"


def test_names_and_globs_are_checked_against_the_exchange(folder: Folder):
    with rest_server(lists("BTCUSDT", "ETHUSDT")) as server:
        result = check(folder, "[BTCUSD, 'X*']", feed=rest(server.url))
    config = folder.path / "config.yaml"
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"{config}:2:31: unknown symbol `BTCUSD` (did you mean `BTCUSDT`?)",
        f"{config}:2:39: `X*` matches no symbol that trades",
    ]


def test_what_the_exchange_lists_is_fine(folder: Folder, klines_folder: Path):
    with rest_server(answers(real_exchange_info(klines_folder)), NO_TICKERS) as server:
        result = check(folder, "all", feed=rest(server.url))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "    on      all (573 symbols: 0GUSDT, " in result.stdout


def test_programs_are_told_what_the_list_was(folder: Folder):
    with rest_server(lists("BTCUSDT", "ETHUSDT")) as server:
        data = json.loads(check(folder, "all", "--json", feed=rest(server.url)).stdout)
    assert data["rules"][0]["patterns"] == ["all"]
    assert data["rules"][0]["symbols"] == ["BTCUSDT", "ETHUSDT"]
    assert (data["listing"]["market"], data["listing"]["trading"]) == ("usdm", 2)


def test_a_check_writes_nothing(folder: Folder):
    with rest_server(lists("BTCUSDT")) as server:
        check(folder, "BTCUSDT", feed=rest(server.url))
    assert [file.name for file in folder.path.iterdir()] == ["config.yaml"]


def test_without_the_exchange_the_list_on_disk_serves_with_its_age(folder: Folder):
    ListingCache.of(USDM, folder.path / "state").store(SMALL_LISTING)
    result = check(folder, "BTCUSD", "--offline")
    warning, mistake = result.stderr.splitlines()
    assert result.exit_code == 2
    assert warning.startswith("warning: symbols are checked against the list of ")
    assert mistake.endswith(UNKNOWN)


def test_without_either_a_warning_says_why_and_the_status_is_0(folder: Folder):
    with rest_server(answers(status=451)) as server:
        result = check(folder, "[BTCUSD, 'X*']", feed=rest(server.url))
    assert result.exit_code == 0
    assert result.stderr.replace(f"{folder.path}/", "") == (
        "warning: the exchange's symbols cannot be read: the exchange does not serve this region or "
        "address (HTTP 451); run alertd where it does, or set feed.proxy\n"
        "warning: symbols are not checked: no list of them is on disk either\n"
        "warning: config.yaml:2:39: `X*` matches nothing until the exchange's symbols can be read\n"
    )


def test_offline_asks_nobody(folder: Folder):
    with rest_server(lists("BTCUSDT")) as server:
        check(folder, "BTCUSDT", "--offline", feed=rest(server.url))
    assert server.asked == []


def test_a_damaged_list_on_disk_is_a_warning(folder: Folder):
    cache = ListingCache.of(USDM, folder.path / "state")
    cache.path.parent.mkdir()
    cache.path.write_text("{")
    result = check(folder, "BTCUSDT", "--offline")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning: the list of symbols on disk: {cache.path} cannot be")


def test_the_list_and_the_tickers_come_through_the_proxy_that_is_configured(folder: Folder):
    with rest_server(lists("BTCUSDT"), NO_TICKERS) as proxy:
        feed = f"{rest('http://exchange.invalid')}, proxy: '{proxy.url}'"
        result = check(folder, "all", feed=feed)
    assert (result.exit_code, result.stderr) == (0, "")
    assert proxy.asked == [
        "http://exchange.invalid/fapi/v1/exchangeInfo",
        "http://exchange.invalid/fapi/v1/ticker/24hr",
    ]


def test_each_market_is_asked_at_its_own_path(folder: Folder):
    with rest_server(lists("BTCUSDT")) as server:
        text = f"market: spot\n{HEAD}rules: {{rules: {{a: {RULE}}}}}\nfeed: {{{rest(server.url)}}}"
        file = folder.write("config.yaml", text)
        CliRunner().invoke(main, ["check", "--config", str(file)], catch_exceptions=False)
    assert server.asked == ["/api/v3/exchangeInfo", "/api/v3/ticker/24hr?type=MINI"]
