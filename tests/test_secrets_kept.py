"""A whole run at DEBUG, with the secrets of many services: it writes none of them anywhere."""

import base64
import json
import signal
from pathlib import Path

import pytest
import trio

from alertd.web.client import Client
from tests.delivery.receivers import Echo, free_port, http_receiver, mail_receiver
from tests.processes import running_daemon

# Beside them stand the places where the plug-ins of those that have one look for their service.
SECRETS = {
    "telegram": ("123456789:AAabcdefghijklmnopqrstuvwxyz0123456", "98765432101"),
    "slack": ("T1JJ3T3L2", "A1BRTD4JD", "TIiajkdnlazkcOXrIdevi7FQ"),
    "slack-bot": ("xoxb-1234-1234-4ddbc191d40ee098cbaae6f3523ada2d",),
    "discord": ("876543210987654321", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ9"),
    "taken": ("t4ken-p4th", "t4ken-h34der", "t4ken-p4ram", "t4ken-pa55"),
    "refused": ("r3fused-p4th", "r3fused-h34der", "r3fused-p4ram", "r3fused-pa55"),
    "mail": ("m4il-pa55w0rd",),
    "bus": ("mq77-pa55w0rd",),
    "ntfy": ("tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2",),
    "push": ("azGDORePK8gMaC0QOYAMyEEuzJnyUi", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"),
    "room": ("m4trix-pa55w0rd",),
    "gotify": ("AKs3cr3tG0tifyT0k",),
}
EVERY_SECRET = [secret for several in SECRETS.values() for secret in several]
# As a login goes over the wire.
EVERY_SECRET += [
    base64.b64encode(f"me:{several[-1]}".encode()).decode() for several in SECRETS.values()
]

MOVED = """
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

NotifyDiscord.notify_url = "{address}/webhooks"
NotifySlack.webhook_url = "{address}/services"
NotifySlack.api_url = "{address}/api/{{}}"
NotifyTelegram.notify_url = "{address}/bot"
"""


def urls(taking: int, refusing: int, mail: int, nobody: int) -> dict[str, str]:
    """A URL for each that has secrets, by the ports of who takes, refuses, or is not there."""

    def hook(name: str, port: int) -> str:
        path, header, parameter, password = SECRETS[name]
        login = f"me:{password}@127.0.0.1:{port}"
        return f"json://{login}/{path}?+X-Key={header}&-key={parameter}"

    secret = {name: "/".join(several) for name, several in SECRETS.items()}
    return {
        "telegram": f"tgram://{secret['telegram']}",
        "slack": f"slack://{secret['slack']}",
        "slack-bot": f"slack://{secret['slack-bot']}/general",
        "discord": f"discord://{secret['discord']}",
        "taken": hook("taken", taking),
        "refused": hook("refused", refusing),
        "mail": f"mailto://me:{secret['mail']}@127.0.0.1:{mail}?from=a@x.org&to=b@x.org",
        "bus": f"mqtt://me:{secret['bus']}@127.0.0.1:{nobody}/alerts",
        "ntfy": f"ntfy://{secret['ntfy']}@127.0.0.1:{nobody}/topic",
        "push": f"pover://{'@'.join(reversed(SECRETS['push']))}",
        "room": f"matrix://me:{secret['room']}@127.0.0.1:{nobody}/!room",
        "gotify": f"gotify://127.0.0.1:{nobody}/{secret['gotify']}",
    }


def config_of(channels: dict[str, str], form: str = "auto") -> str:
    written: dict[str, object] = {
        "feed": {"url": "ws://127.0.0.1:{exchange}/market"},
        "log": {"level": "debug", "format": form},
        "channels": channels,
        "defaults": {"notify": list(channels)},
        "rules": [
            {"rules": {"up": {"symbols": "BTCUSDT", "when": {"close": {"crosses_above": 100}}}}}
        ],
    }
    return json.dumps(written)  # JSON is YAML


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_run_at_debug_writes_no_secret_anywhere(
    form: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    nobody = free_port()
    answered = ""
    with http_receiver() as taking, http_receiver(Echo()) as refusing, mail_receiver() as mail:
        site = tmp_path / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(MOVED.format(address=refusing.address))
        channels = urls(taking.port, refusing.port, mail.port, nobody)
        folder = tmp_path / "run"
        folder.mkdir()
        async with running_daemon(
            folder,
            config_of(channels, form),
            PYTHONPATH=f"{Path.cwd()}:{site}",
            # What has no place here is looked for behind a proxy that is not there.
            HTTPS_PROXY=f"http://127.0.0.1:{nobody}",
            NO_PROXY="127.0.0.1",
        ) as daemon:
            await daemon.told()
            await daemon.sees(99, 101)
            await taking.received.expect(1)
            # Telegram, Slack twice, Discord, and the hook.
            await refusing.received.expect(5)
            (path,) = (folder / "state" / "run").iterdir()
            client = Client((path,), None)
            for ask in (client.status, lambda: client.explain("up")):
                answered += str(await trio.to_thread.run_sync(ask))
            daemon.process.send_signal(signal.SIGTERM)
            with trio.fail_after(40):
                assert await daemon.process.wait() == 0
    (folder / "config.yaml").unlink()
    written = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    log = daemon.log.read_text()
    assert [name for name in channels if f"{name}: " not in log] == []  # each has been told of
    assert "POST" in log  # at DEBUG
    assert ('"event": "delivery.retrying"' in log) is (form == "json")
    written |= {
        Path("printed"): capfd.readouterr().out.encode(),
        Path("answered"): answered.encode(),
    }
    found = [
        (str(place), secret)
        for place, content in written.items()
        for secret in EVERY_SECRET
        if secret.encode() in content
    ]
    assert found == []


BROKEN = """
from alertd.engine.engine import Engine

def update(engine, ticker):
    raise ValueError({url!r})

Engine.update = update
"""


async def test_a_crash_is_reported_without_secrets(tmp_path: Path):
    url = f"tgram://{'/'.join(SECRETS['telegram'])}"
    (tmp_path / "sitecustomize.py").write_text(BROKEN.format(url=url))
    path = f"{Path.cwd()}:{tmp_path}"
    config = config_of({"telegram": url})
    async with running_daemon(tmp_path, config, PYTHONPATH=path) as daemon:
        await daemon.told()
        await daemon.sees(99)
        assert await daemon.ends() == 1
    log = daemon.log.read_text()
    assert "alertd has crashed; please report this" in log
    assert "ValueError: tgram://***/***" in log
    assert [secret for secret in SECRETS["telegram"] if secret in log] == []
