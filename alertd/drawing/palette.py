"""Colours that stay apart for every eye: Okabe and Ito's, "Color Universal Design", 2008."""

from functools import lru_cache
from itertools import chain
from math import dist

import attrs

Colour = tuple[int, int, int]

# How much of a colour lies over what is below it: a window or a band, and the lows and highs.
SHADE, BODY = 0.16, 0.3
# The shades between two colours that smooth edges have.
_SHADES = 7
_COLOURS_IN_A_PNG = 256
# Pillow finds the nearest ink in steps of 4: what is closer together could be taken for each other.
_APART = 12


@attrs.frozen
class Palette:
    """The colours of a picture's parts, as red, green and blue from 0 to 255."""

    background: Colour
    text: Colour
    muted: Colour
    grid: Colour
    price: Colour
    threshold: Colour
    on_tag: Colour


@lru_cache(maxsize=4)
def inks(palette: Palette) -> bytes:
    """Return the 256 colours that a picture of this palette is made of, three bytes each.

    Its own are among them unchanged; the rest are mixtures, for edges and shaded areas.
    """
    colours: list[Colour] = list(attrs.astuple(palette))
    for colour in chain.from_iterable(mixtures(*pair) for pair in _neighbours(palette)):
        if all(dist(colour, other) >= _APART for other in colours):
            colours.append(colour)
    colours += [palette.background] * (_COLOURS_IN_A_PNG - len(colours))
    return bytes(chain.from_iterable(colours))


def mixed(below: Colour, above: Colour, share: float) -> Colour:
    """Return what is seen where a colour lies over another one with this share of it."""
    red, green, blue = (
        round(low + (high - low) * share) for low, high in zip(below, above, strict=True)
    )
    return red, green, blue


def mixtures(below: Colour, above: Colour) -> list[Colour]:
    """Return the colours in even steps between the two, with the one above."""
    return [mixed(below, above, step / _SHADES) for step in range(1, _SHADES + 1)]


def _neighbours(palette: Palette) -> list[tuple[Colour, Colour]]:
    """Return the colours that touch, the one below first."""
    shade = mixed(palette.background, palette.threshold, SHADE)
    surfaces = (palette.background, shade, mixed(shade, palette.threshold, SHADE))
    lines = (palette.text, palette.muted, palette.grid, palette.price, palette.threshold)
    bodies = [mixed(surface, palette.price, BODY) for surface in surfaces]
    return [
        *((surface, line) for surface in surfaces for line in lines),
        *zip(surfaces, bodies, strict=True),
        *((body, palette.price) for body in bodies),
        *((tag, palette.on_tag) for tag in (palette.price, palette.threshold)),
        *((palette.text, dot) for dot in (palette.threshold, palette.background)),
    ]


DARK = Palette(
    background=(18, 24, 32),
    text=(242, 245, 248),
    muted=(158, 170, 184),
    grid=(43, 53, 66),
    price=(86, 180, 233),
    threshold=(240, 170, 40),
    on_tag=(12, 16, 22),
)
LIGHT = Palette(
    background=(255, 255, 255),
    text=(22, 27, 34),
    muted=(87, 98, 112),
    grid=(226, 231, 237),
    price=(0, 104, 172),
    threshold=(200, 80, 0),
    on_tag=(255, 255, 255),
)
