"""Pictures held against those that somebody has looked at, whatever fonts a machine has."""

from pathlib import Path

from PIL import Image, ImageChops, ImageStat

_BLOCKS = (32, 18)
# Out of 255. Measured on a page: letters of another font change 2 on average, and 21 in the worst block;
# without its line of prices a chart has one that is 58 away.
_MOST_ON_AVERAGE = 3.0
_MOST_IN_A_BLOCK = 28


def difference(one: Path, other: Path) -> tuple[float, int]:
    """Return how much two pictures differ on average, and in their worst block, of 32 by 18: 0 to 255."""
    with Image.open(one) as first, Image.open(other) as second:
        blocks = [it.convert("RGB").resize(_BLOCKS, Image.Resampling.BOX) for it in (first, second)]
    differing = ImageChops.difference(*blocks)
    worst = max(high for _, high in ImageStat.Stat(differing).extrema)
    return sum(ImageStat.Stat(differing).mean) / 3, int(worst)


def looks_like(one: Path, golden: Path) -> bool:
    """Tell whether a picture is the golden one, fonts apart."""
    average, worst = difference(one, golden)
    return average <= _MOST_ON_AVERAGE and worst <= _MOST_IN_A_BLOCK


def keep(picture: Path, golden: Path, *, width: int) -> None:
    """Write a golden picture: smaller, and in 256 colors, as only blocks of it are compared."""
    with Image.open(picture) as it:
        height = round(it.height * width / it.width)
        smaller = it.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    smaller.quantize(256, method=Image.Quantize.MAXCOVERAGE).save(golden, optimize=True)
