"""`--log-format`: how the log's lines look, whatever the configuration says."""

from typing import TYPE_CHECKING

import attrs
import click

from alertd.logs.opening import LogFormat

if TYPE_CHECKING:
    from alertd.config.model import Config


def _read(_: click.Context, __: click.Parameter, value: str | None) -> LogFormat | None:
    return None if value is None else LogFormat(value)


log_format_option = click.option(
    "--log-format",
    type=click.Choice([form.value for form in LogFormat]),
    callback=_read,
    help="How the lines of the log look.  [default: `log.format` of the configuration]",
)


def logged_as(config: "Config", form: LogFormat | None) -> "Config":
    """Return the configuration with the command line's format, where there is one."""
    return attrs.evolve(config, log=attrs.evolve(config.log, format=form or config.log.format))
