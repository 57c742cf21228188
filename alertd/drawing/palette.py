"""Colours that stay apart for every eye: Okabe and Ito's, "Color Universal Design", 2008."""

import attrs

Colour = tuple[int, int, int]


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
