"""Where the parts of a picture are: nothing leaves it, and the path has most of it."""

from itertools import pairwise

import attrs
import pytest

from alertd.drawing import lettering
from alertd.drawing.chart import Chart
from alertd.drawing.palette import DARK
from alertd.drawing.panel import Panel, panel_of, type_for_phones
from tests.drawing.charts import UTC, an_alert, path_of, wandering

SIZES = pytest.mark.parametrize(
    ("width", "height"), [(240, 150), (300, 200), (800, 450), (2000, 900)]
)
LONG_PRICES = [0.0000012345 + 1e-10 * (it % 7) for it in range(60)]


def laid_out(chart: Chart, width: int = 800, height: int = 450, size: int | None = None) -> Panel:
    return panel_of(chart, DARK, width, height, size or type_for_phones(width, height))


def test_type_is_12_pixels_where_a_phone_shows_800_at_360():
    assert type_for_phones(800, 450) * 360 / 800 == pytest.approx(12, abs=0.5)


@SIZES
@pytest.mark.parametrize("closes", [LONG_PRICES, [1e9 + 1e5 * it for it in range(60)], [5.0]])
def test_prices_have_room_right_of_the_plot(width: int, height: int, closes: list[float]):
    panel = laid_out(
        attrs.evolve(an_alert(), path=path_of(closes), levels=(closes[0] * 3,)), width, height
    )
    room = width - panel.plot[2] - panel.type
    texts = [*(text for _, text in panel.price_ticks), *(tag.text for tag in panel.tags)]
    assert all(lettering.width(text, panel.type) <= room for text in texts)


@SIZES
def test_the_plot_has_most_of_the_picture(width: int, height: int):
    left, top, right, bottom = laid_out(an_alert(), width, height).plot
    assert (right - left) / width > 0.75
    assert (bottom - top) / height > 0.65


def test_tags_do_not_overlap_however_many_levels_there_are():
    levels = tuple(100 + it / 10 for it in range(20))
    panel = laid_out(attrs.evolve(an_alert(), levels=levels))
    assert len(panel.tags) == 8
    gaps = [later.at - earlier.at for earlier, later in pairwise(panel.tags)]
    assert min(gaps) >= panel.tag_height - 1e-6


def test_ticks_of_time_have_room_beside_each_other():
    panel = laid_out(Chart(title="", path=wandering(), zone=UTC))
    columns = [panel.times.at(tick.time_ms) for tick in panel.time_ticks]
    widest = max(lettering.width(tick.text, panel.type) for tick in panel.time_ticks)
    assert len(columns) >= 4
    assert min(later - earlier for earlier, later in pairwise(columns)) > widest + panel.type / 3


def test_smaller_type_does_not_mean_ticks_without_end():
    panel = laid_out(Chart(title="", path=wandering(1000), zone=UTC), 2000, 1000, size=12)
    assert len(panel.price_ticks) <= 9
    assert len(panel.time_ticks) <= 12


def test_the_newest_price_is_at_the_right_edge_of_the_plot():
    panel = laid_out(an_alert())
    assert panel.curve.columns[-1] == panel.plot[2]


def test_a_windows_length_has_its_place_above_the_path():
    with_window, without = (
        laid_out(attrs.evolve(an_alert(), stretch=stretch))
        for stretch in (an_alert().stretch, None)
    )
    assert min(with_window.curve.highs) - min(without.curve.highs) > with_window.type * 0.9
