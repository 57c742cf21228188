"""The commands: one file each, imported only when it is called."""

import importlib

import click

import alertd

# Command -> what it does, in the order in which `alertd --help` lists them. The line stands here,
# and not only in the command's file, so that the list appears without importing any of them.
COMMANDS = {
    "init": "Write a first configuration, and send a first message.",
    "run": "Watch the market and deliver alerts, until stopped.",
    "check": "Say what is wrong with the configuration, or what is in it.",
    "schema": "Print the JSON Schema of rules or of the configuration, for editors.",
    "test": "Test rules like code: ticks in, the alerts that are expected out.",
    "replay": "Say which alerts there would have been, over data of the past.",
    "status": "Say how the running daemon does, live on a terminal.",
    "explain": "Say why a rule fires, or does not: each part of it, and how far it has to go.",
    "history": "Say which alerts there were, and what became of each.",
    "silence": "Keep alerts from people for a while: all of a rule, a symbol or a severity.",
    "retry": "Try again what could not be delivered, and at once what waits.",
    "reload": "Let the running daemon read its configuration anew.",
    "rearm": "Arm a rule again that fires once.",
    "test-notify": "Send a test through each channel, and say what came of it.",
    "record": "Keep every ticker of some symbols, to be replayed later.",
    "simulate": "Serve a market of your own: a fire drill for rules and channels.",
    "fetch": "Bring past klines here from the exchange's archive, verified.",
    "completion": "Print what lets a shell complete commands and names.",
    "demo": "Watch the whole at work for a few seconds.",
}


_INTERRUPTED = 130  # as shells have it for SIGINT


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it or to help with it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"alertd.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # click's own end says "Aborted!" and 1, as of a failure.
            raise click.exceptions.Exit(_INTERRUPTED) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(alertd.__version__, prog_name="alertd")
def main() -> None:
    """Tell people the moment a rule about the market comes true."""
