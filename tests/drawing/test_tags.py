"""Tags beside the price axis: which there are, and that they keep apart."""

from itertools import pairwise

import attrs

from alertd.drawing.chart import Chart
from alertd.drawing.scale import Scale
from alertd.drawing.tags import Tag, tags_of
from tests.drawing.charts import UTC, path_of

# A pixel for each unit of price.
PRICES = Scale(0.0, 300.0, 300.0, 0.0)
CHART = Chart(title="", path=path_of([100.0]), zone=UTC)


def tags(*levels: float) -> list[Tag]:
    return tags_of(attrs.evolve(CHART, levels=levels), PRICES, 20)


def test_the_last_price_always_has_a_tag():
    assert tags() == [Tag(100.0, "100", outside=0, is_last=True, at=200.0)]


def test_tags_stand_at_their_prices_from_the_top_down():
    assert [(tag.text, tag.at) for tag in tags(50.0, 250.0)] == [
        ("250", 50.0),
        ("100", 200.0),
        ("50", 250.0),
    ]


def test_of_what_is_outside_only_the_nearest_has_a_tag():
    assert [(tag.text, tag.outside, tag.at) for tag in tags(400.0, 1000.0, -5.0, -500.0)] == [
        ("400", 1, 10.0),
        ("100", 0, 200.0),
        ("-5", -1, 290.0),
    ]


def test_of_more_than_there_is_room_for_the_nearest_to_the_last_price_have_tags():
    many = tags(*range(101, 151))
    assert [tag.price for tag in many] == [float(price) for price in range(114, 99, -1)]
    assert all(later.at - earlier.at >= 20 - 1e-6 for earlier, later in pairwise(many))


def test_a_tag_is_written_as_its_rule_has_it_and_the_last_price_as_its_market_does():
    chart = attrs.evolve(CHART, path=path_of([100.25, 100.0]), levels=(101.0,))
    assert [tag.text for tag in tags_of(chart, PRICES, 20)] == ["101", "100.00"]
