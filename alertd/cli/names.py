"""Names that a shell completes: the running daemon's, else those in the files; nothing where neither is.

Whoever waits for them is typing: a daemon that is slow is not waited for, and no word is said of what
fails. Imported by every command that takes a name, so it imports nothing before it is asked.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from alertd.web.answers import Names

_PATIENCE_S = 1.0
# What a shell would make something else of, or would have to quote.
_UNFIT = frozenset(" \t\n'\"\\$`&|;<>()*?[]{}#~!,")


def rule_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a rule."""
    return _fitting(_names(context).rules, incomplete)


def symbol_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete a symbol, of those that the rule watches where one stands before it; in any case."""
    return _fitting(_names(context).symbols, incomplete.upper())


def channel_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the name of a channel."""
    return _fitting(_names(context).channels, incomplete)


def _fitting(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(it for it in names if it.startswith(incomplete) and not _UNFIT & set(it))


def _names(context: click.Context) -> "Names":
    from alertd.cli.common import running_daemon
    from alertd.config.mistakes import MistakesError
    from alertd.web.answers import Names
    from alertd.web.client import ControlError, RefusedError

    config, socket = context.params.get("config_path"), context.params.get("socket_path")
    rule = context.params.get("rule")
    try:
        client = running_daemon(config, socket, timeout_s=_PATIENCE_S)
        return client.names(rule)
    except (ControlError, RefusedError):
        return _in_files(config, rule)
    except MistakesError:
        return Names(rules=(), symbols=(), channels=())


def _in_files(config: "Path | None", rule: str | None) -> "Names":
    from alertd.config.files import find_config
    from alertd.config.named import named_in
    from alertd.web.answers import Names

    found = named_in(find_config(config))
    return Names(
        rules=tuple(found.rules),
        symbols=found.rules.get(rule) or found.symbols if rule else found.symbols,
        channels=found.channels,
    )
