"""`alertd test-notify`, against real receivers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from apprise.plugins.telegram import NotifyTelegram
from click.testing import CliRunner, Result

from alertd.cli import main
from alertd.delivery.channel import Channel
from alertd.delivery.trial_send import Tried, try_all
from tests.delivery.receivers import Answer, Hang, HttpReceiver, free_port, http_receiver

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
RULES = [{"rules": {"up": {"symbols": "BTCUSDT", "when": {"close": {"above": 1}}}}}]
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the command on channels, each a name and a URL or a list of them."""

    def run(channels: dict[str, str | list[str]], *arguments: str) -> Result:
        written = {
            name: url if isinstance(url, str) else {"urls": url} for name, url in channels.items()
        }
        config = tmp_path / "config.yaml"
        defaults = {"notify": list(channels)}
        # JSON is YAML.
        config.write_text(json.dumps({"channels": written, "defaults": defaults, "rules": RULES}))
        return CliRunner().invoke(main, ["test-notify", "--config", str(config), *arguments])

    return run


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Callable[[HttpReceiver], str]:
    """Puts Telegram onto a receiver and returns the URL of a chat there."""

    def put(receiver: HttpReceiver) -> str:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{receiver.address}/bot")
        return f"tgram://{TOKEN}/987654"

    return put


def test_every_destination_of_every_channel_gets_a_message_and_a_line(run: Run):
    with http_receiver() as receiver:
        result = run({"a": [receiver.url("1"), receiver.url("2")], "long-name": receiver.url("3")})
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(request.path for request in receiver.received.so_far()) == ["/1", "/2", "/3"]
    took = sorted(line.partition(" took it in ")[0] for line in result.stdout.splitlines())
    assert took == ["a: JSON         ", "a: JSON 2       ", "long-name: JSON "]


def test_the_message_says_what_it_is_and_names_its_channel(run: Run):
    with http_receiver() as receiver:
        run({"desk": receiver.url()})
        posted = receiver.received[0].json
    assert posted["title"] == "alertd: this is a test"
    assert posted["message"] == "Alerts for the channel desk will arrive here, as this message did."


def test_a_refusal_is_told_in_plain_words_and_is_the_exit_status(
    run: Run, telegram: Callable[[HttpReceiver], str]
):
    unauthorized = Answer(401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')
    with http_receiver(unauthorized) as receiver:
        result = run({"phone": telegram(receiver)})
    assert result.exit_code == 1
    assert result.stdout == "phone: Telegram  refused: the bot token is wrong (HTTP 401)\n"


def test_one_that_fails_keeps_no_other_from_its_message(run: Run):
    with http_receiver() as receiver:
        result = run({"down": f"json://127.0.0.1:{free_port()}", "up": receiver.url()})
    assert result.exit_code == 1
    assert "down: JSON  failed: connection refused\n" in result.stdout
    assert "up: JSON    took it in" in result.stdout


def test_only_the_channels_that_are_named_get_one(run: Run):
    with http_receiver() as receiver:
        urls = {name: receiver.url(name) for name in ("desk", "desk-2", "mail")}
        run(urls, "desk*")
        paths = sorted(request.path for request in receiver.received.so_far())
    assert paths == ["/desk", "/desk-2"]


def test_a_channel_whose_name_looks_like_a_glob_is_found_by_its_name(run: Run):
    with http_receiver() as receiver:
        run({name: receiver.url(name[0]) for name in ("desk [all]", "mail")}, "desk [all]")
        assert [request.path for request in receiver.received.so_far()] == ["/d"]


def test_an_unknown_channel_is_a_mistake_and_nothing_is_sent(run: Run):
    with http_receiver() as receiver:
        result = run({"phone": receiver.url(), "desk": receiver.url()}, "desk", "fone")
        assert len(receiver.received) == 0
    assert result.exit_code == 2
    assert result.stderr == "Error: no channel `fone` (did you mean `phone`?)\n"


def test_a_mistake_in_the_configuration_ends_it_before_anything_is_sent(run: Run):
    result = run({"phone": f"tgrm://{TOKEN}/1"})
    assert result.exit_code == 2
    assert "did you mean tgram://?" in result.stderr
    assert TOKEN not in result.output


def test_programs_get_data(run: Run):
    with http_receiver(Answer(410, b"")) as receiver:
        result = run({"desk": receiver.url()}, "--json")
    (told,) = json.loads(result.stdout)
    assert 0 <= told.pop("latency_ms") < 10_000
    assert told == {
        "channel": "desk",
        "destination": "desk: JSON",
        "ok": False,
        "reason": "it is gone for good (HTTP 410)",
        "refused": True,
    }
    assert result.exit_code == 1


async def test_one_that_hangs_is_given_up_at_its_deadline():
    tried: list[Tried] = []
    with http_receiver(Hang()) as receiver:
        channels = (Channel("slow", (receiver.url(),)),)
        await try_all(channels, time_ms=0, report=tried.append, deadline_s=0.2)
    (one,) = tried
    assert one.failure is not None
    assert one.failure.reason == "no answer within 0.2 s"
