"""A chart as a PNG: its size and weight, and that what it shows is where it belongs."""

import threading
from io import BytesIO
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from alertd.drawing.chart import Chart, Mark, PricePath
from alertd.drawing.palette import DARK, LIGHT, Colour, Palette
from alertd.drawing.panel import Panel, panel_of, type_for_phones
from alertd.drawing.png import draw, sheet
from tests.drawing.charts import MINUTE_MS, NOON_MS, UTC, an_alert, path_of, wandering

WIDTH, HEIGHT = 800, 450
PLAIN = Chart(title="SOLUSDT", path=wandering(), zone=UTC)


def opened(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.convert("RGB")


def drawn(chart: Chart) -> tuple[Image.Image, Panel]:
    png = draw(chart, width=WIDTH, height=HEIGHT, dark=True)
    return opened(png), panel_of(chart, DARK, WIDTH, HEIGHT, type_for_phones(WIDTH, HEIGHT))


def share_in_row(image: Image.Image, y: float, colour: Colour, panel: Panel) -> float:
    """Return how much of the plot has this colour at one height."""
    left, _, right, _ = map(round, panel.plot)
    pixels = [image.getpixel((x, round(y))) for x in range(left, right)]
    return pixels.count(colour) / len(pixels)


def share_in_column(image: Image.Image, x: float, colour: Colour, panel: Panel) -> float:
    _, top, _, bottom = map(round, panel.plot)
    pixels = [image.getpixel((round(x), y)) for y in range(top, bottom)]
    return pixels.count(colour) / len(pixels)


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(("width", "height"), [(300, 200), (800, 450), (2000, 1100), (300, 1000)])
def test_a_picture_is_a_png_of_the_size_asked_for(width: int, height: int, dark: bool):  # noqa: FBT001
    assert opened(draw(an_alert(), width=width, height=height, dark=dark)).size == (width, height)


@pytest.mark.parametrize(("width", "height"), [(239, 400), (400, 149), (4001, 400), (400, 4001)])
def test_a_size_without_sense_is_refused(width: int, height: int):
    with pytest.raises(ValueError, match="a picture's side"):
        draw(an_alert(), width=width, height=height, dark=True)


def test_an_alerts_picture_weighs_less_than_40_kb():
    assert len(draw(an_alert(), width=WIDTH, height=HEIGHT, dark=True)) < 40_000


@pytest.mark.parametrize(("dark", "palette"), [(True, DARK), (False, LIGHT)])
def test_the_background_is_the_one_asked_for(dark: bool, palette: Palette):  # noqa: FBT001
    image = opened(draw(PLAIN, width=WIDTH, height=HEIGHT, dark=dark))
    assert image.getpixel((0, 0)) == palette.background


def test_a_level_is_a_dashed_line_at_its_price():
    image, panel = drawn(attrs.evolve(PLAIN, levels=(98.0,)))
    y = panel.prices.at(98.0)
    assert 0.5 < share_in_row(image, y, DARK.threshold, panel) < 0.8
    assert share_in_row(image, y + 8, DARK.threshold, panel) == 0


def test_a_band_is_shaded_between_its_edges():
    image, panel = drawn(attrs.evolve(PLAIN, bands=((98.0, 99.0),)))
    plain, _ = drawn(PLAIN)
    inside, outside = (round(panel.prices.at(price)) for price in (98.4, 97.5))
    left = round(panel.plot[0]) + 1
    assert image.getpixel((left, inside)) != plain.getpixel((left, inside))
    assert image.getpixel((left, outside)) == plain.getpixel((left, outside))


def test_a_window_is_shaded_from_its_beginning_to_its_end():
    start, end = NOON_MS + 100 * MINUTE_MS, NOON_MS + 200 * MINUTE_MS
    image, panel = drawn(attrs.evolve(PLAIN, stretch=(start, end)))
    y = round(panel.plot[3]) - 3
    shaded = [
        x for x in range(WIDTH) if image.getpixel((x, y)) not in (DARK.background, DARK.price)
    ]
    assert shaded[0] == pytest.approx(panel.times.at(start), abs=2)
    assert shaded[-1] == pytest.approx(panel.times.at(end), abs=2)


def test_the_moment_is_a_dot_of_the_thresholds_colour_in_a_ring_on_a_line():
    mark = Mark(time_ms=NOON_MS + 180 * MINUTE_MS, price=100.0)
    image, panel = drawn(attrs.evolve(PLAIN, marks=(mark,)))
    x, y = panel.times.at(mark.time_ms), panel.prices.at(mark.price)
    assert image.getpixel((round(x), round(y))) == DARK.threshold
    assert image.getpixel((round(x), round(y - panel.type * 0.33))) == DARK.text
    assert share_in_column(image, x, DARK.text, panel) > 0.25


def test_the_end_of_an_alert_is_a_hollow_dot():
    mark = Mark(time_ms=NOON_MS + 180 * MINUTE_MS, price=100.0, is_resolved=True)
    image, panel = drawn(attrs.evolve(PLAIN, marks=(mark,)))
    at = (round(panel.times.at(mark.time_ms)), round(panel.prices.at(mark.price)))
    assert image.getpixel(at) == DARK.background


def test_many_moments_have_no_lines():
    marks = tuple(Mark(time_ms=NOON_MS + it * MINUTE_MS, price=100.0) for it in range(0, 300, 10))
    image, panel = drawn(attrs.evolve(PLAIN, marks=marks))
    assert share_in_column(image, panel.times.at(marks[9].time_ms), DARK.text, panel) < 0.1


def test_a_path_runs_through_its_closes():
    image, panel = drawn(PLAIN)
    for slot in (50, 150, 250):
        x, y = panel.curve.columns[slot], panel.curve.closes[slot]
        assert image.getpixel((round(x), round(y))) == DARK.price


def test_no_line_is_drawn_over_a_gap():
    path = PLAIN.path
    kept = [it for it in range(360) if not 100 <= it < 200]
    gapped = PricePath(
        times_ms=tuple(path.times_ms[it] for it in kept),
        closes=tuple(path.closes[it] for it in kept),
        lows=tuple(path.lows[it] for it in kept),
        highs=tuple(path.highs[it] for it in kept),
        slot_ms=path.slot_ms,
    )
    image, panel = drawn(attrs.evolve(PLAIN, path=gapped))
    for minute, is_drawn in ((50, True), (150, False), (250, True)):
        x = panel.times.at(NOON_MS + minute * MINUTE_MS)
        assert (share_in_column(image, x, DARK.price, panel) > 0) is is_drawn


def test_the_ends_of_the_day_are_dotted_lines_where_they_are_shown():
    image, panel = drawn(attrs.evolve(PLAIN, day_low=96.0, day_high=500.0))
    assert share_in_row(image, panel.prices.at(96.0), DARK.muted, panel) > 0.2
    _, top, _, bottom = map(round, panel.plot)
    lined = [y for y in range(top, bottom) if share_in_row(image, y, DARK.muted, panel) > 0.2]
    assert {round(y / 10) for y in lined} == {round(panel.prices.at(96.0) / 10)}


def test_a_price_in_millions_and_one_in_billionths_are_drawn():
    for scale in (1e6, 1e-8):
        closes = [close * scale for close in PLAIN.path.closes]
        assert opened(
            draw(attrs.evolve(PLAIN, path=path_of(closes)), width=800, height=450, dark=True)
        )


def test_threads_draw_the_same_as_one():
    whole = draw(an_alert(), width=WIDTH, height=HEIGHT, dark=True)
    pictures: list[bytes] = []

    def work() -> None:
        pictures.extend(draw(an_alert(), width=WIDTH, height=HEIGHT, dark=True) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pictures == [whole] * 20


def test_a_sheet_has_its_charts_in_rows():
    other = attrs.evolve(PLAIN, title="ETHUSDT", path=path_of([1.0, 2.0, 1.5]))
    image = opened(sheet([PLAIN, other, other], columns=2, width=400, height=225, dark=False))
    assert image.size == (800, 450)
    places = [(0, 0), (400, 0), (0, 225), (400, 225)]
    first, second, third, none = (image.crop((x, y, x + 400, y + 225)) for x, y in places)
    assert second.tobytes() == third.tobytes() != first.tobytes()
    assert none.getcolors() == [(400 * 225, LIGHT.background)]


def test_a_sheet_has_the_type_of_a_screen():
    alone = opened(draw(PLAIN, width=1200, height=675, dark=False))
    on_a_screen = opened(sheet([PLAIN], columns=1, width=1200, height=675, dark=False))
    assert _height_of_title(alone) > 1.5 * _height_of_title(on_a_screen)


def test_a_sheet_without_charts_is_empty():
    image = opened(sheet([], columns=3, width=400, height=225, dark=True))
    assert image.size == (1200, 225)


def _height_of_title(image: Image.Image) -> int:
    """Return in how many rows its first letter is."""
    letter = image.crop((0, 0, 30, 60))
    return sum(
        any(letter.getpixel((x, y)) == LIGHT.text for x in range(letter.width))
        for y in range(letter.height)
    )


prices = st.floats(1e-12, 1e13)
levels = st.floats(-1e13, 1e13)
zones = st.sampled_from(
    ["UTC", "Asia/Kathmandu", "Europe/Berlin", "Africa/Cairo", "America/St_Johns"]
)
moments = st.integers(0, 200_000_000_000_000)


@st.composite
def paths(take: st.DrawFn) -> PricePath:
    """Any sound path: times may leap by years, prices by 25 powers of ten."""
    times = take(st.lists(moments, min_size=1, max_size=30, unique=True).map(sorted))
    count = len(times)
    three = [take(st.lists(prices, min_size=count, max_size=count)) for _ in range(3)]
    ordered = [sorted(triple) for triple in zip(*three, strict=True)]
    lows, closes, highs = zip(*ordered, strict=True)
    slot_ms = take(st.integers(1, 10_000_000))
    return PricePath(times_ms=tuple(times), closes=closes, lows=lows, highs=highs, slot_ms=slot_ms)


charts = st.builds(
    Chart,
    title=st.text(st.characters()),
    subtitle=st.text(st.characters()),
    path=paths(),
    levels=st.lists(levels, max_size=20).map(tuple),
    bands=st.lists(st.lists(levels, min_size=2, max_size=2).map(sorted).map(tuple), max_size=3).map(
        tuple
    ),
    stretch=st.none()
    | st.tuples(moments, moments).map(sorted).filter(lambda it: it[0] < it[1]).map(tuple),
    day_low=st.none() | prices,
    day_high=st.none() | prices,
    marks=st.lists(st.builds(Mark, time_ms=moments, price=prices), max_size=20).map(tuple),
    zone=zones.map(ZoneInfo),
)


@settings(max_examples=150)
@given(charts, st.integers(240, 500), st.integers(150, 400), st.booleans())
def test_whatever_is_sound_can_be_drawn(chart: Chart, width: int, height: int, dark: bool):  # noqa: FBT001
    assert opened(draw(chart, width=width, height=height, dark=dark)).size == (width, height)
