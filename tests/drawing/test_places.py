"""A caption stands where it hides the least."""

import attrs

from alertd.drawing.curve import Curve
from alertd.drawing.places import Place, along, best_place

# One slot a pixel, all at a height of 50, between 45 and 55.
FLAT = Curve(
    columns=[float(x) for x in range(100)],
    closes=[50.0] * 100,
    lows=[55.0] * 100,
    highs=[45.0] * 100,
    pieces=[range(100)],
)
LEFT_HALF = attrs.evolve(FLAT, columns=[x / 2 for x in FLAT.columns])
PLOT = (0.0, 0.0, 100.0, 100.0)


def test_a_caption_stands_beside_the_curve():
    above, on = Place((0, 0, 30, 20)), Place((0, 40, 30, 60))
    assert best_place([on, above], FLAT, ()) is above


def test_of_two_that_hide_nothing_the_first_is_taken():
    first, second = Place((0, 0, 30, 20)), Place((40, 0, 70, 20))
    assert best_place([first, second], FLAT, ()) is first


def test_a_caption_rather_hides_some_of_the_curve_than_another_text():
    on_text, on_curve = Place((0, 0, 30, 20)), Place((0, 40, 30, 60))
    assert best_place([on_text, on_curve], FLAT, [(20, 10, 50, 15)]) is on_curve


def test_a_curve_is_touched_only_where_it_runs():
    assert LEFT_HALF.touches((60, 40, 90, 60)) == 0
    assert LEFT_HALF.touches((40, 40, 60, 60)) == 20
    assert LEFT_HALF.touches((0, 0, 100, 44)) == 0


def test_places_run_from_the_left_to_the_right_and_stay_within():
    first, *_, last = (place.box for place in along(PLOT, 20, 10, (5, 3), 0))
    assert (first, last) == ((0, 0, 20, 10), (80, 0, 100, 10))


def test_a_caption_that_is_wider_than_the_plot_begins_at_its_left():
    assert {place.box[0] for place in along(PLOT, 130, 10, (5,), 0)} == {0}
