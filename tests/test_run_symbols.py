"""`alertd run` as a process, and the exchange's list of symbols: globs, mistakes, going without."""

from pathlib import Path

import pytest
import trio
from click.testing import CliRunner

from alertd.cli import main
from tests.delivery.receivers import http_receiver
from tests.processes import running_daemon

CHINESE = "币安人生USDT"
CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk, when: {{close: {{crosses_above: 100}}}}}}
rules: [{{rules: {{up: {{symbols: {symbols}}}}}}}]
"""


async def test_a_glob_watches_what_it_matches_down_to_the_title(tmp_path: Path):
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url(), symbols="['币安*']")
        async with running_daemon(tmp_path, config, listed=("BTCUSDT", CHINESE)) as daemon:
            assert (await daemon.told()).startswith("READY=1\nSTATUS=0 of 1 symbols streaming")
            await daemon.sees(99, 101, symbol=CHINESE)
            (post,) = await desk.received.expect(1)
    assert post.json["title"] == f"{CHINESE} close crossed above 100"


async def test_a_name_that_was_never_listed_ends_the_start(tmp_path: Path):
    config = CONFIG.format(desk="json://localhost", symbols="[BTCUSDT, BTCUSD]")
    async with running_daemon(tmp_path, config) as daemon:
        assert await daemon.ends() == 2
    assert daemon.log.read_text() == (
        "config.yaml:5:42: unknown symbol `BTCUSD` (did you mean `BTCUSDT`?)\n"
    )


async def test_a_glob_for_nothing_is_a_warning_and_the_rest_is_watched(tmp_path: Path):
    config = CONFIG.format(desk="json://localhost", symbols="[BTCUSDT, 'X*']")
    async with running_daemon(tmp_path, config) as daemon:
        assert (await daemon.told()).startswith("READY=1\nSTATUS=0 of 1 symbols streaming")
    log = daemon.log.read_text()
    assert "warning: config.yaml:5:42: `X*` matches no symbol that trades\n" in log


async def test_a_rule_whose_time_is_over_is_a_warning_and_the_rest_is_watched(tmp_path: Path):
    config = CONFIG.format(desk="json://localhost", symbols="BTCUSDT, expires: 2020-01-01T00:00Z")
    async with running_daemon(tmp_path, config) as daemon:
        assert (await daemon.told()).startswith("READY=1\nSTATUS=0 of 1 symbols streaming")
    warning = "warning: config.yaml:5:50: this time has passed: the rule never fires again\n"
    assert warning in daemon.log.read_text()


async def test_a_rule_that_can_never_fire_is_a_warning_and_the_rest_is_watched(tmp_path: Path):
    symbols = "BTCUSDT, when: {close: {above: high}}"
    config = CONFIG.format(desk="json://localhost", symbols=symbols)
    async with running_daemon(tmp_path, config) as daemon:
        assert (await daemon.told()).startswith("READY=1\nSTATUS=0 of 1 symbols streaming")
    assert "warning: config.yaml:5:47: rule `up` can never fire: " in daemon.log.read_text()


async def test_without_any_list_names_are_watched_at_their_word(tmp_path: Path):
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url(), symbols="[BTCUSDT, 'X*']")
        async with running_daemon(tmp_path, config, listed=()) as daemon:
            await daemon.sees(99, 101)
            await desk.received.expect(1)
    assert "warning: symbols are not checked: no list of them is on disk" in daemon.log.read_text()


async def test_the_list_is_kept_for_when_the_exchange_is_out_of_reach(tmp_path: Path):
    config = CONFIG.format(desk="json://localhost", symbols="all")
    async with running_daemon(tmp_path, config) as daemon:
        await daemon.told()
    (kept,) = await trio.to_thread.run_sync(lambda: list((tmp_path / "state").glob("*.json")))
    assert kept.name.startswith("listing-usdm-127.0.0.1-")


@pytest.mark.parametrize(
    ("option", "url", "what"),
    [
        ("--feed-url", "http://x", "the exchange's streams begin with wss:// (or ws://)"),
        ("--rest-url", "ws://x", "the exchange's REST begins with https:// (or http://)"),
        ("--rest-url", "x", "this is no address of REST: write it like https://host:port"),
    ],
)
def test_an_address_that_is_none_is_a_mistake_on_the_command_line(option: str, url: str, what: str):
    result = CliRunner().invoke(main, ["run", option, url])
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {option}: ")
    assert what in result.stderr
