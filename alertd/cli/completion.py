"""`alertd completion`: what lets a shell complete commands, options and names."""

import click

_SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print what lets a shell complete commands and names.")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands, options, and the names of rules, symbols and channels.

    \b
    bash:  alertd completion bash > ~/.local/share/bash-completion/completions/alertd
    zsh:   alertd completion zsh > ~/.zfunc/_alertd        (a folder in $fpath)
    fish:  alertd completion fish > ~/.config/fish/completions/alertd.fish
    """  # noqa: D301 - click keeps the lines after `\b` as they are
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows all three
    made = kind(context.find_root().command, {}, "alertd", "_ALERTD_COMPLETE")
    click.echo(made.source())
