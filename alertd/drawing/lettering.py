"""Text as glyphs: Pillow's own font, and the system's for what it lacks.

Pillow's (Aileron, limited to ASCII and some more) is there on every machine. Symbols such as
币安人生USDT need another; which one a machine has is found by the usual names.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import cast

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

ELLIPSIS = "\u2026"
# Pillow looks for them where the system keeps its fonts.
_FILES = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "Arial Unicode.ttf",
    "msyh.ttc",
)
# No picture is so wide.
_MOST_CHARACTERS = 500
# No font has a glyph for what is no character.
_NO_CHARACTER = "\U0010fffe"
# Whether a font has a glyph does not depend on it.
_ANY_SIZE = 20
# What stands for a sign that no font has.
_PLAIN = MappingProxyType(
    {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2264": "<=", "\u2265": ">=", "\u2192": "->"}
)


def width(text: str, size: int) -> float:
    """Return how many pixels wide a text is."""
    return sum(font.getlength(run) for font, run in runs(text, size))


def cap_height(size: int) -> float:
    """Return how high a digit is."""
    _, top, _, bottom = _own(size).getbbox("0")
    return bottom - top


def fitted(text: str, size: int, room: float) -> str:
    """Return the text, cut with an ellipsis where it is wider than `room`; nothing if none fits."""
    text = text[:_MOST_CHARACTERS]
    if width(text, size) <= room:
        return text

    def cut(length: int) -> str:
        return text[:length].rstrip() + ELLIPSIS

    kept = bisect_right(range(len(text)), room, key=lambda length: width(cut(length), size))
    return cut(kept - 1) if kept > 1 else ""


def runs(text: str, size: int) -> Iterator[tuple[FreeTypeFont, str]]:
    """Cut a text into runs of one font each; what no font has is written otherwise, or left out."""
    for number, run in groupby(_readable(text), _font_number):
        yield _font(number, size), "".join(run)


@lru_cache(maxsize=256)
def _readable(text: str) -> str:
    characters = map(_readable_character, unicodedata.normalize("NFC", text))
    words = "".join(characters).split()
    return re.sub(f"{ELLIPSIS}+", ELLIPSIS, " ".join(words))


@lru_cache(maxsize=1024)
def _readable_character(character: str) -> str:
    if character.isspace() or _font_number(character) is not None:
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in decomposed if not unicodedata.combining(part))
    plain = _PLAIN.get(character, bare)
    if all(_font_number(part) is not None for part in plain):
        return plain
    return ELLIPSIS if character.isalnum() else ""


@lru_cache(maxsize=1024)
def _font_number(character: str) -> int | None:
    """Return which font has the character: 0 is Pillow's own, None is none."""
    if _has(_own(_ANY_SIZE), character):
        return 0
    numbers = (number for number, font in enumerate(_system(), start=1) if _has(font, character))
    return next(numbers, None)


def _has(font: FreeTypeFont, character: str) -> bool:
    return bytes(font.getmask(character)) != bytes(font.getmask(_NO_CHARACTER))


@lru_cache(maxsize=64)
def _font(number: int | None, size: int) -> FreeTypeFont:
    return _system()[number - 1].font_variant(size=size) if number else _own(size)


@lru_cache(maxsize=32)
def _own(size: int) -> FreeTypeFont:
    # A FreeTypeFont wherever Pillow has FreeType, which all of its wheels do.
    return cast("FreeTypeFont", ImageFont.load_default(size))


@lru_cache(maxsize=1)
def _system() -> tuple[FreeTypeFont, ...]:
    """Return the system's fonts; looked for only when a character asks for them, as it takes a while."""
    return tuple(filter(None, map(_opened, _FILES)))


def _opened(file: str) -> FreeTypeFont | None:
    try:
        return ImageFont.truetype(file, _ANY_SIZE, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return None
