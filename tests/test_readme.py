"""README's way from zero to a message, walked as it is written there."""

import re
from pathlib import Path

import pytest
import trio
from apprise.plugins.telegram import NotifyTelegram

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
SECRETS = {"TELEGRAM_TOKEN": "123456789:AAExampleExampleExampleExampleExample"}
SENT = Answer(body=b'{"ok": true, "result": {"message_id": 1}}')


def blocks(language: str) -> list[str]:
    """The blocks of code in the README, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


async def test_the_configuration_the_rules_and_the_drill_of_the_readme_end_in_a_message(
    tmp_path: Path, journal: JournalFile, monkeypatch: pytest.MonkeyPatch
):
    _, config, rules = blocks("yaml")
    (tmp_path / "config.yaml").write_text(config)
    (tmp_path / "my-rules.yaml").write_text(rules)
    (scenario,) = re.findall(r"alertd simulate --scenario (\S+)", README)
    tape = Tape(generate(SCENARIOS[scenario]), path=KlinePath.OHLC)
    exchange = LocalExchange()
    with http_receiver(SENT) as telegram:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{telegram.address}/bot")
        async with trio.open_nursery() as nursery:
            port = await nursery.start(exchange.serve)
            with (tmp_path / "config.yaml").open("a") as file:
                file.write(f"feed: {{url: 'ws://127.0.0.1:{port}/market'}}\n")
            environment = SECRETS | {"TELEGRAM_CHAT": "987654321"}
            loaded = load_config(tmp_path / "config.yaml", environment=environment)
            daemon = Daemon(loaded, journal=journal, notifier=Notifier(None))
            nursery.start_soon(daemon.run)
            await exchange.subscribed_to(["BTCUSDT"])
            await exchange.play(tape)
            (request, *_) = await telegram.received.expect(1)
            nursery.cancel_scope.cancel()
    assert request.json["chat_id"] == 987654321
    assert "BTCUSDT" in request.json["text"]
    assert "at least 5%" in request.json["text"]


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
