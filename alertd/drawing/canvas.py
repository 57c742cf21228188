"""What a picture is drawn on: Pillow, with smooth lines, translucent areas and readable text."""

from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw

from alertd.drawing import lettering
from alertd.drawing.curve import Box, Point
from alertd.drawing.palette import Colour

# Slanted lines are drawn so many times larger, and shrunk.
_FINER = 2
# zlib's own 6 takes twice as long, for files that are a tenth smaller.
_COMPRESSION = 4


class Canvas:
    """An RGB image; boxes are left, top, right, bottom in pixels, the last two outside."""

    def __init__(self, width: int, height: int, background: Colour) -> None:
        self._image = Image.new("RGB", (width, height), background)
        self._draw = ImageDraw.Draw(self._image)
        self._background = background

    def fill(self, box: Box, colour: Colour, *, share: float = 1.0) -> None:
        """Fill a box with a colour, or with only a share of it."""
        left, top = round(box[0]), round(box[1])
        # Rounded each for itself, the sides of a line could meet.
        width, height = round(box[2] - box[0]), round(box[3] - box[1])
        if width <= 0 or height <= 0:
            return
        mask = Image.new("L", (width, height), round(255 * share)) if share < 1 else None
        self._image.paste(colour, (left, top, left + width, top + height), mask)

    def dashes(self, box: Box, colour: Colour, *, dash: float, gap: float) -> None:
        """Fill a flat or narrow box with dashes along its longer side."""
        left, top, right, bottom = box
        is_flat = right - left >= bottom - top
        start, end = (left, right) if is_flat else (top, bottom)
        for number in range(int((end - start) / (dash + gap)) + 1):
            one = start + number * (dash + gap)
            two = min(one + dash, end)
            self.fill((one, top, two, bottom) if is_flat else (left, one, right, two), colour)

    def strokes(
        self, lines: Sequence[Sequence[Point]], colour: Colour, *, width: float, box: Box
    ) -> None:
        """Draw lines through points, within a box."""
        finer = round(width * _FINER)

        def draw(mask: ImageDraw.ImageDraw) -> None:
            for line in lines:
                points = _moved(line, box)
                mask.line(points, fill=255, width=finer)
                # Pillow's own round joints take four times as long as these.
                for point in points[1:-1]:
                    mask.circle(point, (finer - 1) / 2, fill=255)

        self._smooth(draw, colour, box)

    def areas(
        self, outlines: Sequence[Sequence[Point]], colour: Colour, *, box: Box, share: float = 1.0
    ) -> None:
        """Fill areas within their outlines, within a box."""

        def draw(mask: ImageDraw.ImageDraw) -> None:
            for outline in outlines:
                mask.polygon(_moved(outline, box), fill=round(255 * share))

        self._smooth(draw, colour, box)

    def dot(self, center: Point, radius: float, colour: Colour) -> None:
        """Draw a disc."""
        x, y = center
        box = (int(x - radius) - 1, int(y - radius) - 1, int(x + radius) + 2, int(y + radius) + 2)
        ends = _moved([(x - radius, y - radius), (x + radius, y + radius)], box)
        self._smooth(lambda mask: mask.ellipse(ends, fill=255), colour, box)

    def arrow(self, center: Point, radius: float, colour: Colour, points: int) -> None:
        """Draw a triangle that points up (1) or down (-1)."""
        x, y = center
        tip, foot = y - points * radius, y + points * radius
        outline = [(x, tip), (x - radius, foot), (x + radius, foot)]
        box = (x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1)
        self.areas([outline], colour, box=box)

    def text(  # noqa: PLR0913 - a text has a place, a look and a side that it is held by
        self,
        at: Point,
        text: str,
        size: int,
        colour: Colour,
        *,
        side: str = "l",
        halo: float = 0,
    ) -> None:
        """Write a text centered on a height, with its left, middle or right (l, m, r) at a place."""
        x, y = at
        x -= {"l": 0.0, "m": 0.5, "r": 1.0}[side] * lettering.width(text, size)
        baseline = round(y + lettering.cap_height(size) / 2)
        for font, run in lettering.runs(text, size):
            self._draw.text(
                (round(x), baseline),
                run,
                fill=colour,
                font=font,
                anchor="ls",
                stroke_width=halo,
                stroke_fill=self._background,
            )
            x += font.getlength(run)

    def place(self, other: "Canvas", left: int, top: int) -> None:
        """Copy another canvas into this one."""
        self._image.paste(other._image, (left, top))  # noqa: SLF001 - it is of this class

    def png(self, inks: bytes) -> bytes:
        """Return the image as a PNG of these 256 colours (three bytes each): a third as large as with all."""
        palette = Image.new("P", (1, 1))
        palette.putpalette(inks)
        file = BytesIO()
        self._image.quantize(palette=palette, dither=Image.Dither.NONE).save(
            file, "PNG", compress_level=_COMPRESSION
        )
        return file.getvalue()

    def _smooth(
        self, draw: Callable[[ImageDraw.ImageDraw], None], colour: Colour, box: Box
    ) -> None:
        left, top, right, bottom = map(round, box)
        size = ((right - left) * _FINER, (bottom - top) * _FINER)
        mask = Image.new("L", size)
        draw(ImageDraw.Draw(mask))
        self._image.paste(colour, (left, top, right, bottom), mask.reduce(_FINER))


def _moved(points: Sequence[Point], box: Box) -> list[Point]:
    left, top = round(box[0]), round(box[1])
    return [((x - left) * _FINER, (y - top) * _FINER) for x, y in points]
