"""`alertd init`: a first configuration and a first message, with real receivers and a real terminal."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result

from alertd.cli import main
from alertd.cli.init_channel import ask_for_channel, channel_at
from alertd.cli.init_files import environment_text
from alertd.config.load import load_config
from alertd.delivery.destination import Destination
from tests.delivery.receivers import Answer, free_port, http_receiver
from tests.terminals import on_terminal

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
FILES = ["config.yaml", "environment", "rules/first.yaml"]
AFTER_READING = ("sh", "-c", 'set -a; . ./environment; exec "$@"', "sh")
ROOT = Path(__file__).parents[1]


def init(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", str(folder), *arguments])


def written(folder: Path) -> list[str]:
    return sorted(str(it.relative_to(folder)) for it in folder.rglob("*") if it.is_file())


def environment_of(folder: Path) -> dict[str, str]:
    """The variables that a shell has once it has read the file."""
    script = "set -a; . ./environment; exec env -0"
    command = ["env", "-i", shutil.which("sh") or "sh", "-c", script]
    out = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
    return dict(it.split("=", 1) for it in out.decode().rstrip("\0").split("\0"))


def test_what_is_written_passes_the_check_and_has_sent_a_message(tmp_path: Path):
    with http_receiver() as receiver:
        done = init(tmp_path / "new", "--channel", receiver.url("s3cret"), "--symbol", "solusdt")
        (request,) = receiver.received.so_far()
    assert (done.exit_code, done.stderr) == (0, "")
    assert request.json["title"] == "alertd: this is a test"
    assert written(tmp_path / "new") == FILES
    config = load_config(
        tmp_path / "new" / "config.yaml", environment=environment_of(tmp_path / "new")
    )
    assert [it.urls for it in config.channels] == [(receiver.url("s3cret"),)]
    assert config.system == ("alerts",)
    assert {it.symbols for it in config.rules if it.enabled} == {("SOLUSDT",)}
    checked = subprocess.run(
        [*AFTER_READING, sys.executable, "-m", "alertd", "check", "--offline"],
        cwd=tmp_path / "new",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "No mistakes." in checked.stdout


def test_secrets_stand_in_the_environment_alone_which_only_its_owner_reads(tmp_path: Path):
    with http_receiver() as receiver:
        done = init(tmp_path, "--channel", receiver.url("s3cret"))
    with_secret = [name for name in FILES if "s3cret" in (tmp_path / name).read_text()]
    assert with_secret == ["environment"]
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600
    assert "s3cret" not in done.output


def test_what_is_there_is_left_alone(tmp_path: Path):
    (tmp_path / "environment").symlink_to("nowhere")
    with http_receiver() as receiver:
        refused = init(tmp_path, "--channel", receiver.url())
        assert len(receiver.received) == 0
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "there already: environment; --force replaces them" in refused.stderr
        assert init(tmp_path, "--channel", receiver.url(), "--force").exit_code == 0
    assert not (tmp_path / "environment").is_symlink()
    assert not (tmp_path / "nowhere").exists()
    assert written(tmp_path) == FILES


def test_a_message_that_is_not_taken_is_said_and_all_is_written(tmp_path: Path):
    done = init(tmp_path, "--channel", f"json://127.0.0.1:{free_port()}")
    assert done.exit_code == 1
    assert done.stderr == "alerts: JSON: connection refused\n"
    assert written(tmp_path) == FILES


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "where shall alerts go? say --channel URL"),
        (("--channel", "tgrm://1/2"), "did you mean"),
        (("--channel", "json://127.0.0.1:9", "--symbol", "a[b"), "a["),
    ],
)
def test_a_mistake_writes_and_sends_nothing(tmp_path: Path, arguments: tuple[str, ...], words: str):
    done = init(tmp_path, *arguments)
    assert done.exit_code == 2
    assert words.lower() in done.stderr.lower()
    assert written(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "rules").write_text("a file")
    with http_receiver() as receiver:
        done = init(tmp_path, "--channel", receiver.url())
    assert done.exit_code == 1
    assert f"Error: {tmp_path}/rules: file exists" in done.stderr


def test_telegrams_parts_are_secrets_by_their_names():
    channel = channel_at(f"tgram://{TOKEN}/-100987")
    assert channel.written == "tgram://${TELEGRAM_TOKEN}/${TELEGRAM_CHAT}"
    assert channel.secrets == {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_CHAT": "-100987"}
    assert channel.url == f"tgram://{TOKEN}/-100987"
    assert TOKEN not in repr(channel)


def test_any_other_url_is_a_secret_as_a_whole():
    channel = channel_at("slack://A/B/C")
    assert (channel.written, channel.secrets) == ("${ALERT_URL}", {"ALERT_URL": "slack://A/B/C"})


@attrs.frozen
class Told:
    """What is typed, and the channel that comes of it."""

    typed: str
    url: str
    service: str


@pytest.mark.parametrize(
    "told",
    [
        Told(f"\n{TOKEN}\n987\n", f"tgram://{TOKEN}/987", "Telegram"),
        Told(f"7\n1\nnone\n{TOKEN}\nx\n987\n", f"tgram://{TOKEN}/987", "Telegram"),
        Told(
            "2\nsmtp.example.org:2525\nme@example.org\np@ss$word\n",
            "mailtos://me%40example.org:p%40ss%24word@smtp.example.org:2525"
            "?to=me%40example.org&from=me%40example.org",
            "E-Mail",
        ),
        Told("3\nalerts-8f3k2q9x\n", "ntfy://alerts-8f3k2q9x", "ntfy"),
        Told("4\nslack\ndiscord://1234/abcd\n", "discord://1234/abcd", "Discord"),
    ],
)
def test_what_a_person_answers_becomes_a_channel(told: Told):
    with CliRunner().isolation(input=told.typed):
        channel = ask_for_channel()
    assert channel.url == told.url
    assert Destination("phone", channel.url).label == f"phone: {told.service}"


def test_values_reach_a_shell_as_they_are(tmp_path: Path):
    secrets = {"A": "a b'c\"d", "B": "$(x)`y`\\z$HOME", "C": "ü&;|<>*#"}
    (tmp_path / "environment").write_text(environment_text(secrets))
    assert environment_of(tmp_path).items() >= secrets.items()


def test_on_a_terminal_it_asks_until_the_message_is_taken(tmp_path: Path):
    wrong = f"json://127.0.0.1:{free_port()}"
    with http_receiver(Answer()) as receiver, on_terminal("init", folder=tmp_path) as terminal:
        for prompt, typed in (
            ("Which symbols", "btcusdt, ethusdt\r"),
            ("Which (1, 2, 3, 4)", "4\r"),
            ("URL:", f"{wrong}\r"),
            ("Enter it once more", "\r"),
            ("Which (1, 2, 3, 4)", "4\r"),
            ("URL:", f"{receiver.url()}\r"),
        ):
            terminal.read_until(prompt)
            terminal.text = ""
            terminal.type(typed)
        assert terminal.ends() == 0
        assert len(receiver.received) == 1
    assert "alerts: JSON: it took a test message" in terminal.text
    assert "alertd check" in terminal.text
    assert written(tmp_path) == FILES
    assert '["BTCUSDT", "ETHUSDT"]' in (tmp_path / "rules" / "first.yaml").read_text()
