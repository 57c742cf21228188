"""README's way from zero to a message, walked as it is written there."""

import re
from pathlib import Path

import pytest
import trio
from apprise.plugins.telegram import NotifyTelegram
from click.testing import CliRunner

from alertd.cli import main
from alertd.cli.common import elsewhere
from alertd.cli.init_channel import ask_for_channel
from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.market.local.exchange import LocalExchange
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.scenarios import SCENARIOS, generate
from alertd.market.past.tape import Tape
from alertd.systemd import Notifier
from tests.delivery.receivers import Answer, http_receiver

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SECRETS = {
    "TELEGRAM_TOKEN": "123456789:AAExampleExampleExampleExampleExample",
    "TELEGRAM_CHAT": "987654321",
}
SENT = Answer(body=b'{"ok": true, "result": {"message_id": 1}}')


def blocks(language: str) -> list[str]:
    """The blocks of code in the README, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


async def test_the_start_the_rules_and_the_drill_of_the_readme_end_in_a_message(
    tmp_path: Path, journal: JournalFile, monkeypatch: pytest.MonkeyPatch
):
    _, rules = blocks("yaml")
    (scenario,) = re.findall(r"alertd simulate --scenario (\S+)", README)
    tape = Tape(generate(SCENARIOS[scenario]), path=KlinePath.OHLC)
    exchange = LocalExchange()
    with http_receiver(SENT) as telegram:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{telegram.address}/bot")
        start = ["init", str(tmp_path), "--channel", "tgram://{}/{}".format(*SECRETS.values())]
        started = await trio.to_thread.run_sync(CliRunner().invoke, main, start)
        assert started.exit_code == 0
        (tmp_path / "rules" / "first.yaml").write_text(rules)
        async with trio.open_nursery() as nursery:
            port = await nursery.start(exchange.serve)
            loaded = load_config(tmp_path / "config.yaml", environment=SECRETS)
            feed_url = f"ws://127.0.0.1:{port}/market"
            drill = elsewhere(loaded, feed_url=feed_url, rest_url=None)
            daemon = Daemon(drill, journal=journal, notifier=Notifier(None))
            nursery.start_soon(daemon.run)
            await exchange.subscribed_to(["BTCUSDT"])
            await exchange.play(tape)
            test, request, *_ = await telegram.received.expect(2)
            nursery.cancel_scope.cancel()
    assert test.json["chat_id"] == 987654321
    assert "this is a test" in test.json["text"]
    # A picture goes along, so this one is no JSON.
    assert b"BTCUSDT" in request.body
    assert b"at least 5%" in request.body


def test_what_the_readme_shows_of_the_start_is_what_it_asks():
    (shown,) = (it for it in blocks("") if "alertd init" in it)
    with CliRunner().isolation(input="\n{}\n{}\n".format(*SECRETS.values())) as (out, *_):
        ask_for_channel()
        asked = out.getvalue().decode()
    assert "\n".join(it.rstrip() for it in asked.splitlines()) in shown


def test_the_first_example_is_a_rule_file(tmp_path: Path):
    config = "channels: {desk: 'json://localhost'}\ndefaults: {notify: desk}\nrules: [rules.yaml]\n"
    (tmp_path / "config.yaml").write_text(config)
    (tmp_path / "rules.yaml").write_text(blocks("yaml")[0])
    loaded = load_config(tmp_path / "config.yaml", environment={})
    assert [rule.name for rule in loaded.rules] == ["btc-six-figures", "wide-day"]


def test_every_page_that_is_linked_is_there():
    root = Path(__file__).parents[1]
    for link in re.findall(r"\]\(((?!https?:)[^)#]+)", README):
        assert (root / link).is_file(), link
