"""Lines for people: `07:24:39 warning BTCUSDT: not seen: ...`."""

import logging
import time
from collections.abc import Mapping
from typing import TextIO

from alertd.logs.fields import one_line, trace_of

_RESET = "\x1b[0m"
_DIM, _YELLOW, _RED, _LOUD = "\x1b[2m", "\x1b[33m", "\x1b[31m", "\x1b[1;37;41m"
_COLOURS = ((logging.CRITICAL, _LOUD), (logging.ERROR, _RED), (logging.WARNING, _YELLOW))


class TextFormatter(logging.Formatter):
    """Writes the time, the level and the words, one line each; only a crash has more of them.

    The time is local. It has its date where the line goes to a file, which is read days later;
    nobody at a terminal wonders what day it is. Coloured lines are for terminals.
    """

    def __init__(self, *, dated: bool, coloured: bool) -> None:
        super().__init__()
        self._time = "%Y-%m-%d %H:%M:%S" if dated else "%H:%M:%S"
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        moment = time.strftime(self._time, time.localtime(record.created))
        level = f"{record.levelname.lower():<7}"
        words = one_line(record.getMessage())
        if self._coloured:
            moment, level = f"{_DIM}{moment}{_RESET}", _painted(level, record.levelno)
        return "\n".join(filter(None, (f"{moment} {level} {words}", trace_of(record))))


def _painted(level: str, weight: int) -> str:
    for least, colour in _COLOURS:
        if weight >= least:
            return f"{colour}{level}{_RESET}"
    return f"{_DIM}{level}{_RESET}" if weight < logging.INFO else level


def takes_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal whose user wants colours. Source: no-color.org."""
    wanted = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return wanted and stream.isatty()
