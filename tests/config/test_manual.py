"""The manual's pages on the configuration: every key has its row, and what they show is read."""

import re
from datetime import UTC
from pathlib import Path

import pytest

from alertd.config.load import SECTIONS
from alertd.config.model import Feed, Heartbeat, Log, Record
from alertd.config.structure import keys_of
from alertd.config.written import WrittenChannel
from alertd.delivery.channel import DIGEST_OVER, Quiet
from alertd.engine.hours import Hours
from tests.config.files import RULE, Folder

DOCS = Path(__file__).parents[2] / "docs"
SLACK = {"TOKEN_A": "T1JJ3T3L2", "TOKEN_B": "A1BRTD4JD", "TOKEN_C": "TIiajkdnlazkcOXrIdevi7FQ"}
ENVIRONMENT = {
    "TELEGRAM_TOKEN": "123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFGH",
    "TELEGRAM_CHAT": "12345678",
    "OTHER_CHAT": "23456789",
    "MINE": "1234567",
    "YOURS": "2345678",
    **dict.fromkeys(("SMTP_PASSWORD", "HEALTHCHECK"), "s3cr3t-t0k3n"),
    **SLACK,
    **{f"SLACK_{name}": token for name, token in SLACK.items()},
}


def text_of(page: str) -> str:
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


def rows(text: str) -> set[str]:
    """Return what stands in the first column of tables."""
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([\w.]+)`", cell)}


def test_every_key_of_the_configuration_has_a_row():
    nested = {"feed": keys_of(Feed), "heartbeat": keys_of(Heartbeat), "log": keys_of(Log)}
    plain = set(SECTIONS) - set(nested)
    # It has a short form as well.
    nested["record"] = keys_of(Record)
    below = {f"{section}.{key}" for section, keys in nested.items() for key in keys}
    assert plain | below <= rows(text_of("config").partition("## Markets")[0])


def test_every_key_of_a_channel_has_a_row():
    table = text_of("config").partition("## Channels")[2].partition("\n## ")[0]
    assert rows(table) == set(keys_of(WrittenChannel))


def test_the_manual_knows_the_defaults_of_channels():
    assert f"| `digest_over` | `{DIGEST_OVER}` |" in text_of("config")
    assert f"`allow` (`{Quiet(Hours(UTC)).allow.value}`)" in text_of("config")


def blocks(page: str) -> list[str]:
    """Return the blocks of a page that are parts of a configuration."""
    found = re.findall(r"^```yaml\n(.*?)^```$", text_of(page), re.DOTALL | re.MULTILINE)
    return [it for it in found if re.match(rf"(?:{'|'.join(SECTIONS)}):", it)]


@pytest.mark.parametrize(
    ("page", "block"),
    [(page, it) for page in ("config", "channels", "recording") for it in blocks(page)],
)
def test_what_is_shown_of_a_configuration_is_read(folder: Folder, page: str, block: str):
    folder.write("rules/a.yaml", f"rules: {{from-a-file: {RULE}}}")
    needed = {
        "channels": "channels: {phone: 'json://localhost'}\n",
        "defaults": "defaults: {notify: phone}\n",
        "rules": "rules: [rules/*.yaml]\n",
    }
    if "channels:" in block and "  phone:" not in block:
        block = block.replace("channels:\n", "channels:\n  phone: json://localhost\n")
    missing = [it for key, it in needed.items() if not re.search(rf"^{key}:", block, re.MULTILINE)]
    block = block.replace("${file:/etc/alertd/smtp-password}", "${SMTP_PASSWORD}")
    assert folder.load(block + "".join(missing), ENVIRONMENT).rules
