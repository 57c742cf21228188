"""The commands that ask a running daemon, as processes beside it: explain, rearm, reload."""

import json
import os
import sys
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import trio
from click.testing import CliRunner, Result

from alertd.cli import main
from alertd.web.client import Client
from tests import processes
from tests.delivery.receivers import http_receiver
from tests.processes import Running

CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: BTCUSDT, when: {{close: {{above: 100}}, quote_volume: {{above: 2k}}}}}}
      all: {{symbols: [BTCUSDT, ETHUSDT], when: {{close: {{below: 95}}}}}}
      "ü 'quoted' 🚀": {{symbols: BTCUSDT, when: {{close: {{crosses_above: 100}}}}, cooldown: 15m}}
"""


def running_daemon(folder: Path, config: str) -> AbstractAsyncContextManager[Running]:
    return processes.running_daemon(folder, config, listed=("BTCUSDT", "ETHUSDT"))


async def alertd(
    folder: Path, command: str, *arguments: str, config: str = "config.yaml"
) -> Result:
    """Run a command on a terminal of 80 columns, beside the daemon's process."""
    runner = CliRunner(env={"XDG_RUNTIME_DIR": "", "COLUMNS": "80"})
    run = partial(runner.invoke, main, [command, "--config", str(folder / config), *arguments])
    return await trio.to_thread.run_sync(run)


def socket_of(folder: Path) -> Path:
    (path,) = (folder / "state" / "run").iterdir()
    return path


async def seen(daemon: Running, folder: Path, *closes: float) -> None:
    """Let the market trade, and wait until the last of it is known."""
    await daemon.sees(*closes)
    client = Client((socket_of(folder),), None)
    with trio.fail_after(10):
        while True:
            (standing,) = (await trio.to_thread.run_sync(client.explain, "up")).symbols
            if standing.close == closes[-1]:
                return


async def test_a_running_daemon_explains_a_rule_and_is_gone_with_its_socket(tmp_path: Path):
    with http_receiver() as desk:
        async with running_daemon(tmp_path, CONFIG.format(desk=desk.url())) as daemon:
            await daemon.told()
            await seen(daemon, tmp_path, 99, 101)
            one = await alertd(tmp_path, "explain", "up")
            event = await alertd(tmp_path, "explain", "ü 'quoted' 🚀", "btcusdt")
            table = await alertd(tmp_path, "explain", "all")
            daemon.process.terminate()
            assert await daemon.ends() == 0
            assert list((tmp_path / "state" / "run").iterdir()) == []
            gone = await alertd(tmp_path, "explain", "up")
    assert one.exit_code == 0
    assert one.stdout.splitlines()[:8] == [
        "up on BTCUSDT",
        "✗ all of: false since 22:13:20 (1s)",
        "├── ✓ close above 100",
        "│     now 101, 1 (0.99%) beyond 100",
        "│     true since 22:13:21 (0s)",
        "└── ✗ quote_volume above 2k",
        "      now 1k, has to rise 1k (100.00%)",
        "      false since 22:13:20 (1s)",
    ]
    assert "cooldown    15m left of 15m" in event.stdout
    assert "last alert  22:13:21 (0s before): close crosses above 100 (at 101)" in event.stdout
    assert table.stdout.splitlines()[3].split() == ["symbol", "state", *_HEAD]
    assert table.stdout.splitlines()[4].split()[:4] == ["BTCUSDT", "quiet", "5.94%", "close"]
    assert "no ticker yet" in table.stdout.splitlines()[5]
    assert (gone.exit_code, gone.stdout) == (1, "")
    assert gone.stderr.startswith(f"alertd is not running by {tmp_path}/config.yaml: nobody")


_HEAD = ["to", "go", "what", "is", "furthest", "from", "true", "last", "alert"]


async def test_what_is_not_known_ends_with_status_2_and_what_may_be_meant(tmp_path: Path):
    async with running_daemon(tmp_path, CONFIG.format(desk="json://127.0.0.1:9")) as daemon:
        await daemon.told()
        rule = await alertd(tmp_path, "explain", "upp")
        symbol = await alertd(tmp_path, "rearm", "up", "BTCUSD")
        armed = await alertd(tmp_path, "rearm", "up")
    assert (rule.exit_code, rule.stdout) == (2, "")
    assert rule.stderr == "there is no such rule (did you mean `up`?)\n"
    assert symbol.exit_code == 2
    assert symbol.stderr == "the rule does not watch that symbol (did you mean `BTCUSDT`?)\n"
    assert (armed.exit_code, armed.stdout) == (2, "")
    assert armed.stderr == "the rule has no `once: true`, so it is always armed\n"


async def test_a_daemon_answers_for_its_own_configuration_alone(tmp_path: Path):
    config = CONFIG.format(desk="json://127.0.0.1:9")
    async with running_daemon(tmp_path, config) as daemon:
        await daemon.told()
        (tmp_path / "other.yaml").write_text(config)
        socket_of(tmp_path).rename(tmp_path / "alertd.sock")
        meant = await alertd(tmp_path, "explain", "up", config="other.yaml")
        named = await alertd(tmp_path, "explain", "up", "--socket", str(tmp_path / "alertd.sock"))
    assert meant.exit_code == 1
    assert meant.stderr.startswith(f"alertd is not running by {tmp_path}/other.yaml")
    assert named.exit_code == 0


async def test_a_second_daemon_of_a_configuration_is_refused_and_the_first_goes_on(
    tmp_path: Path,
):
    async with running_daemon(tmp_path, CONFIG.format(desk="json://127.0.0.1:9")) as daemon:
        await daemon.told()
        command = [sys.executable, "-m", "alertd", "run", "--config", str(tmp_path / "config.yaml")]
        environment = os.environ | {"PYTHONPATH": str(Path.cwd()), "XDG_RUNTIME_DIR": ""}
        second = await trio.run_process(
            [*command, "--rest-url", "http://127.0.0.1:9"],
            env=environment,
            capture_stderr=True,
            check=False,
        )
        first = await alertd(tmp_path, "explain", "up")
    assert second.returncode == 1
    assert f"another alertd listens at {tmp_path}" in second.stderr.decode()
    assert first.exit_code == 0


async def test_a_killed_daemon_is_not_running_and_the_next_takes_its_place(tmp_path: Path):
    config = CONFIG.format(desk="json://127.0.0.1:9")
    async with running_daemon(tmp_path, config) as daemon:
        await daemon.told()
    assert socket_of(tmp_path).is_socket()
    assert (await alertd(tmp_path, "explain", "up")).exit_code == 1
    (tmp_path / "notify").unlink()
    async with running_daemon(tmp_path, config) as daemon:
        await daemon.told()
        assert (await alertd(tmp_path, "explain", "up")).exit_code == 0


async def test_a_daemon_without_a_place_for_its_socket_watches_all_the_same(tmp_path: Path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "run").touch()
    async with running_daemon(tmp_path, CONFIG.format(desk="json://127.0.0.1:9")) as daemon:
        assert (await daemon.told()).startswith("READY=1")
        assert "warning: this alertd cannot be asked" in daemon.log.read_text()


async def test_a_reload_says_what_changed_or_what_is_wrong_with_it(tmp_path: Path):
    config = CONFIG.format(desk="json://127.0.0.1:9")
    async with running_daemon(tmp_path, config) as daemon:
        await daemon.told()
        file = tmp_path / "config.yaml"
        written = file.read_text()
        file.write_text(written.replace("below: 95", "bellow: 95"))
        wrong = await alertd(tmp_path, "reload")
        file.write_text(written.replace("below: 95", "below: 96"))
        right = await alertd(tmp_path, "reload")
        explained = await alertd(tmp_path, "explain", "all", "--json")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("config.yaml:8:")
    assert "`below`" in wrong.stderr
    assert (right.exit_code, right.stderr) == (0, "")
    assert right.stdout.startswith("reloaded: ")
    assert json.loads(explained.stdout)["rule"]["when"] == "close below 96"
