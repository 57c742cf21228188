"""Completion in a real shell, by a real daemon and by the files alone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from alertd.config.named import Named, named_in
from tests.processes import running_daemon

CONFIG = """
feed: {url: "ws://127.0.0.1:{exchange}/market"}
channels: {phone: "json://127.0.0.1:9", desk: "json://127.0.0.1:9/x"}
defaults: {notify: phone}
rules:
  - more.yaml
  - rules:
      btc-up: {symbols: BTCUSDT, when: {close: {above: 100}}}
      "btc up; rm -rf": {symbols: BTCUSDT, when: {close: {above: 100}}}
"""
MORE = """
rules:
  eth-up: {symbols: [ETHUSDT, "ETHBTC*"], when: {close: {above: 100}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "more.yaml").write_text(MORE)
    (tmp_path / "config.yaml").write_text(CONFIG)
    # What a person calls is a program of that name.
    program = tmp_path / "bin" / "alertd"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m alertd "$@"\n')
    program.chmod(0o755)
    return tmp_path


# bash calls the function that is registered for a command with the words of the line.
BASH = """
eval "$(alertd completion bash)"
read -ra COMP_WORDS <<< "$LINE"
[[ $LINE == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_alertd_completion alertd
printf '%s\\n' "${COMPREPLY[@]}"
"""


def completed(folder: Path, line: str) -> list[str]:
    """What a real bash is offered for a line."""
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    variables = {"PATH": path, "LINE": line, "XDG_RUNTIME_DIR": "", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("alertd sil", ["silence"]),
        ("alertd silence add --sev", ["--severity"]),
        ("alertd silence add --severity w", ["warning"]),
        ("alertd explain ", ["btc-up", "eth-up"]),
        ("alertd explain eth-up ", ["ETHUSDT"]),
        ("alertd rearm btc-up b", ["BTCUSDT"]),
        ("alertd history --rule e", ["eth-up"]),
        ("alertd silence add --symbol ", ["BTCUSDT", "ETHUSDT"]),
        ("alertd test-notify d", ["desk"]),
        ("alertd retry --channel ", ["desk", "phone"]),
        ("alertd check b", ["btc-up"]),
        ("alertd explain x", []),
        ("alertd explain --config nothing.yaml b", []),
    ],
)
def test_where_no_daemon_runs_names_are_those_in_the_files(
    folder: Path, line: str, offered: list[str]
):
    assert completed(folder, line) == offered


async def test_a_running_daemon_knows_what_patterns_stand_for(folder: Path):
    listed = ("BTCUSDT", "ETHUSDT", "ETHBTC")
    async with running_daemon(folder, CONFIG, listed=listed) as daemon:
        await daemon.told()
        found = await trio.to_thread.run_sync(completed, folder, "alertd explain eth-up ")
        rules = await trio.to_thread.run_sync(completed, folder, "alertd explain ")
        channels = await trio.to_thread.run_sync(completed, folder, "alertd test-notify p")
    assert found == ["ETHBTC", "ETHUSDT"]
    assert (rules, channels) == (["btc-up", "eth-up"], ["phone"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_own(folder: Path, shell: str):
    command = [sys.executable, "-m", "alertd", "completion", shell]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "_alertd_completion" in done.stdout
    assert f"{shell}_complete" in done.stdout


def test_what_cannot_be_read_has_no_names(tmp_path: Path):
    config = tmp_path / "config.yaml"
    for text in ("rules: [nothing.yaml]", "rules: 1", "[", "channels: [a]\nrules: {rules: [b]}"):
        config.write_text(text)
        assert named_in(config) == Named({}, ())
