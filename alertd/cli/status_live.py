"""A terminal that is kept up to date until Ctrl-C."""

import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from alertd.cli.status_look import Look, look_at
from alertd.cli.status_shown import shown
from alertd.web.client import Client, ControlError, RefusedError


def show_live(
    console: Console, client: Client, seen: Look, *, every_s: float, utc: bool
) -> Look | None:
    """Show a daemon until Ctrl-C or SIGTERM; return what was seen last, None where it was gone.

    One that is gone is looked for again and again: it may be on its way up.
    """
    newest: Look | None = seen
    before, gone = None, ""
    with (
        suppress(KeyboardInterrupt),
        Live(console=console, screen=True, auto_refresh=False) as live,
        _signals_heeded(),
    ):
        while True:
            is_resized = True
            while is_resized:
                live.update(_frame(console, newest, before, gone, utc=utc), refresh=True)
                is_resized = signal.sigtimedwait([signal.SIGWINCH], every_s) is not None
            before = newest
            try:
                newest, gone = look_at(client), ""
            except (ControlError, RefusedError) as error:
                newest, gone = None, str(error)
    return newest


@contextmanager
def _signals_heeded() -> Generator[None]:
    """Let SIGTERM end it as Ctrl-C does, so that the terminal is left as it was; keep SIGWINCH waiting."""
    handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGTERM, handler)


def _frame(
    console: Console, seen: Look | None, before: Look | None, gone: str, *, utc: bool
) -> RenderableType:
    if seen is None:
        return Text.assemble((gone, "bold red"), ("\nlooking again; Ctrl-C ends this", "dim"))
    return shown(seen, before, width=console.width, height=console.height, utc=utc)
