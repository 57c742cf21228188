"""`--log-format`, and the lines of a daemon that is started with it."""

import json
import signal
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from alertd.cli import main
from alertd.cli.log_option import log_format_option, logged_as
from alertd.config.load import load_config
from alertd.logs.opening import LogFormat
from tests.delivery.receivers import http_receiver
from tests.logs.page import VALIDATOR
from tests.processes import running_daemon

CONFIG = """
feed: {url: "ws://127.0.0.1:{exchange}/market"}
log: {format: json}
channels: {desk: "{desk}"}
defaults: {notify: [desk]}
rules: [{rules: {up: {symbols: BTCUSDT, when: {close: {crosses_above: 100}}}}}]
"""


@click.command
@log_format_option
def shown(log_format: LogFormat | None) -> None:
    click.echo(str(log_format))


@pytest.mark.parametrize("form", LogFormat)
def test_each_format_can_be_said(form: LogFormat):
    assert CliRunner().invoke(shown, ["--log-format", form.value]).stdout == f"{form}\n"


def test_without_it_the_configuration_is_asked():
    assert CliRunner().invoke(shown).stdout == "None\n"


@pytest.mark.parametrize("command", ["run", "record"])
def test_an_unknown_format_is_the_users_mistake(command: str):
    result = CliRunner().invoke(main, [command, "--log-format", "xml"])
    assert result.exit_code == 2
    assert "'auto', 'text', 'journal', 'json'" in result.stderr


@pytest.mark.parametrize(
    ("said", "then"), [(None, LogFormat.JSON), (LogFormat.TEXT, LogFormat.TEXT)]
)
def test_the_command_line_has_the_last_word(
    said: LogFormat | None, then: LogFormat, tmp_path: Path
):
    path = tmp_path / "config.yaml"
    config = CONFIG.replace("{exchange}", "9").replace("{desk}", "json://127.0.0.1:9")
    path.write_text(config)
    assert logged_as(load_config(path, environment={}), said).log.format is then


async def test_every_line_of_a_daemon_is_an_object_by_the_schema(tmp_path: Path):
    with http_receiver() as desk:
        async with running_daemon(tmp_path, CONFIG.replace("{desk}", desk.url())) as daemon:
            await daemon.told()
            await daemon.sees(99, 101)
            await desk.received.expect(1)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    # What is said of the configuration comes before the log.
    lines = [json.loads(it) for it in log.splitlines() if not it.startswith("warning: ")]
    for line in lines:
        VALIDATOR.validate(line)
    events = [line["event"] for line in lines]
    assert events[0] == "run.watching"
    assert events[-1] == "run.stopped"
    assert {"feed.streaming", "alert"} <= set(events)
