"""A picture's 256 colours keep those that mean something, and keep them apart."""

from itertools import combinations

import pytest
from PIL import Image

from alertd.drawing.palette import DARK, LIGHT, Colour, Palette, inks, mixed

BOTH = pytest.mark.parametrize("palette", [DARK, LIGHT])


def _own(palette: Palette) -> list[Colour]:
    return [
        palette.background,
        palette.text,
        palette.muted,
        palette.grid,
        palette.price,
        palette.threshold,
    ]


def _luminance(colour: Colour) -> float:
    """Source: WCAG 2.2, relative luminance."""
    shares = [channel / 255 for channel in colour]
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@BOTH
def test_every_own_colour_is_kept_exactly(palette: Palette):
    image_of_inks = Image.new("P", (1, 1))
    image_of_inks.putpalette(inks(palette))
    for colour in _own(palette):
        image = Image.new("RGB", (1, 1), colour)
        kept = image.quantize(palette=image_of_inks, dither=Image.Dither.NONE).convert("RGB")
        assert kept.getpixel((0, 0)) == colour


@BOTH
def test_there_are_as_many_as_a_png_may_have(palette: Palette):
    assert len(inks(palette)) == 3 * 256


@BOTH
def test_text_and_lines_are_read_at_a_glance(palette: Palette):
    # WCAG 2.2: 4.5 for text, 3 for what else has a meaning.
    assert _contrast(palette.text, palette.background) > 12
    assert _contrast(palette.muted, palette.background) > 4.5
    assert _contrast(palette.price, palette.background) > 4.5
    assert _contrast(palette.threshold, palette.background) > 4
    assert _contrast(palette.on_tag, palette.price) > 4.5
    assert _contrast(palette.on_tag, palette.threshold) > 4


@BOTH
def test_colours_differ_for_those_who_see_no_red_or_no_green(palette: Palette):
    # They tell blue from yellow: the blue channel beside the mean of the two others.
    def yellow(colour: Colour) -> float:
        return (colour[0] + colour[1]) / 2 - colour[2]

    marked = [palette.text, palette.price, palette.threshold]
    assert all(abs(yellow(a) - yellow(b)) > 40 for a, b in combinations(marked, 2))


def test_a_mixture_lies_between():
    assert mixed((0, 0, 0), (100, 200, 50), 0.5) == (50, 100, 25)
