"""What a picture shows of an alert and of the price around it."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from PIL import Image

from alertd.delivery.channel import Channel, Charting, Quiet
from alertd.delivery.destination import Destination
from alertd.delivery.illustration import chart_of
from alertd.delivery.message import Message
from alertd.delivery.settings import Settings
from alertd.drawing.chart import Chart, Mark
from alertd.engine.hours import Hours
from tests.delivery.pictured import MINUTE_MS, PICTURED, SKETCH, WANTED, known_prices
from tests.delivery.samples import TIME_MS
from tests.sample_picture import sample_chart

DOCS = Path(__file__).parents[2] / "docs"
BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


def shown(message: Message = PICTURED, charting: Charting = WANTED) -> Chart:
    chart = chart_of(message, known_prices(), charting)
    assert chart is not None
    return chart


def with_window(minutes: int) -> Message:
    return attrs.evolve(PICTURED, sketch=attrs.evolve(SKETCH, window_ms=minutes * MINUTE_MS))


def test_it_is_headed_by_what_happened_and_by_which_alert_tells_of_it():
    chart = shown()
    assert (chart.title, chart.subtitle) == (PICTURED.title, "my-rule, alert 7")


def test_the_moment_is_marked_at_its_price():
    assert list(shown().marks) == [Mark(time_ms=TIME_MS, price=100_012.3)]


def test_the_mark_of_one_that_is_over_says_so():
    over = attrs.evolve(PICTURED, sketch=attrs.evolve(SKETCH, is_over=True))
    assert shown(over).marks[0].is_resolved


def test_what_was_compared_with_and_the_days_range_stand_beside_the_price():
    chart = shown()
    assert (list(chart.levels), chart.day_low, chart.day_high) == ([100_000], 96_420.7, 100_250)


def test_the_window_that_it_is_about_is_set_off():
    assert shown(with_window(30)).stretch == (TIME_MS - 30 * MINUTE_MS, TIME_MS)


@pytest.mark.parametrize("minutes", [0, 60, 1440])
def test_no_window_is_set_off_where_there_is_none_or_it_is_all_of_the_picture(minutes: int):
    assert shown(with_window(minutes)).stretch is None


def test_it_is_as_long_as_the_channel_wants():
    path = shown(charting=attrs.evolve(WANTED, span_ms=30 * MINUTE_MS)).path
    assert len(path.times_ms) == 30


@pytest.mark.parametrize(
    ("zone", "quiet", "expected"),
    [(TOKYO, BERLIN, TOKYO), (None, BERLIN, BERLIN), (TOKYO, None, TOKYO)],
)
def test_its_clock_is_that_of_the_channel_or_else_of_its_quiet_hours(
    zone: ZoneInfo | None, quiet: ZoneInfo | None, expected: ZoneInfo
):
    channel = Channel(
        "phone",
        ("json://localhost",),
        quiet=Quiet(Hours(quiet)) if quiet else None,
        chart=attrs.evolve(WANTED, zone=zone),
    )
    settings = Settings.of(Destination("phone", "json://localhost"), channel)
    assert shown(charting=settings.chart).zone == expected


def test_without_a_word_of_it_the_clock_is_the_machines():
    zone = shown().zone
    here = datetime.fromtimestamp(TIME_MS / 1000, UTC).astimezone()
    assert here.astimezone(zone).utcoffset() == here.utcoffset()


def test_the_manual_shows_one_that_is_drawn_from_generated_klines():
    chart = sample_chart()
    assert "BTCUSDT close fell" in chart.title
    assert chart.stretch is not None
    with Image.open(DOCS / "picture.png") as picture:
        assert picture.size == (720, 480)
