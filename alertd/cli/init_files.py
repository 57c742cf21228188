"""The files of a first configuration: their texts, and how they are written."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from alertd.cli.init_channel import FirstChannel

CONFIG, RULES, ENVIRONMENT = "config.yaml", "rules/first.yaml", "environment"
_FOR_ALL, _FOR_OWNER = 0o666, 0o600  # less what the umask takes

_HEAD = """\
# The configuration of alertd. `alertd check` says what is wrong with it, or what is understood;
# docs/config.md has the details.
#
# ${NAME} is filled in from the service manager's credentials or from the environment, and
# ${file:/path} from a file. The secrets of this file stand in `environment`, beside it."""


def config_text(channel: FirstChannel, *, takes_pictures: bool) -> str:
    """Return the example's text with that channel as the only one, and the first rules."""
    _, *parts = _text("config.example.yaml").rstrip("\n").split("\n\n")
    made = (_made_own(it, channel, takes_pictures=takes_pictures) for it in parts)
    return "\n\n".join([_HEAD, *made]) + "\n"


def _made_own(part: str, channel: FirstChannel, *, takes_pictures: bool) -> str:
    """Return a part of the example as it is with that channel as the only one."""
    match _key(part):
        case "channels":
            return _channels(part, channel, takes_pictures=takes_pictures)
        case "system":
            return part.replace("[phone, desk]", f"[{channel.name}]")
        case "defaults":
            return part.replace("[phone]", f"[{channel.name}]")
        case "rules":
            return _RULES
    return part


_RULES = f"""\
# Files of rules, beside this file. `rules/*.yaml` is every file of the folder, without the
# `*.test.yaml`; docs/packs.md has some that are ready.
rules:
  - {RULES}"""


def _key(part: str) -> str:
    """Return the key that a part of the configuration is about."""
    found = re.search(r"^(\w+):", part, re.MULTILINE)
    return found[1] if found else ""


def _channels(part: str, channel: FirstChannel, *, takes_pictures: bool) -> str:
    """Return the example's first channel under its own name, without what needs a second one."""
    lines = part[: part.index("    fallback:")].rstrip("\n").splitlines()
    kept = [it for it in lines if takes_pictures or not it.startswith("    chart:")]
    text = "\n".join(kept).replace("  phone:", f"  {channel.name}:", 1)
    return re.sub(r"(?m)^    url: .*$", lambda _: f"    url: {channel.written}", text)


def rules_text(symbols: Sequence[str]) -> str:
    """Return the first rules, on these symbols."""
    listed = ", ".join(json.dumps(it, ensure_ascii=False) for it in symbols)
    return _text("first.yaml").replace('["BTCUSDT"]', f"[{listed}]")


def environment_text(secrets: Mapping[str, str]) -> str:
    """Return the secrets as a shell and systemd read them (systemd.exec(5), EnvironmentFile=)."""
    head = "# The secrets of config.yaml. For a shell: set -a; . ./environment; set +a"
    return "\n".join([head, *(f"{name}={_quoted(it)}" for name, it in secrets.items())]) + "\n"


def _quoted(value: str) -> str:
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def _text(name: str) -> str:
    folder = resources.files("alertd.cli") / "starter"
    return (folder / name).read_text(encoding="utf-8")


def those_there(folder: Path) -> list[str]:
    """Return which of the files are there already."""
    # Not `exists`: a link that leads nowhere is there as well.
    return [it for it in (CONFIG, RULES, ENVIRONMENT) if os.path.lexists(folder / it)]


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files, in place of what is there; that with secrets is for its owner alone.

    Raises `OSError`.
    """
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        mode = _FOR_OWNER if name == ENVIRONMENT else _FOR_ALL
        # Made with its mode, and never where something else is: nobody reads it in between.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
