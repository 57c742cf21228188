"""Labels that collide move apart, and no further than they must."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alertd.drawing.spread import spread


def test_labels_that_have_room_stay_where_they_are():
    assert spread([20, 50, 90], 10, 0, 100) == [20, 50, 90]


def test_two_that_collide_move_by_the_same():
    assert spread([50, 52], 10, 0, 100) == [46, 56]


def test_what_moves_against_a_third_moves_it_too():
    assert spread([50, 51, 58], 10, 0, 100) == pytest.approx([43, 53, 63])


def test_labels_stay_within():
    assert spread([0, 100], 10, 0, 100) == [5, 95]


def test_all_that_want_to_be_at_the_end_stand_in_a_row_before_it():
    assert spread([100, 100, 100], 10, 0, 100) == [75, 85, 95]


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=20))
def test_labels_never_overlap_leave_or_change_places(centers: list[float]):
    placed = spread(sorted(centers), 10, 0, 200)
    assert all(later - earlier >= 10 - 1e-6 for earlier, later in pairwise(placed))
    assert placed[0] >= 5 - 1e-6
    assert placed[-1] <= 195 + 1e-6


@given(
    st.lists(st.floats(0, 200), min_size=1, max_size=5),
    st.lists(st.floats(0, 60), min_size=6, max_size=6),
)
def test_no_other_places_are_nearer(centers: list[float], gaps: list[float]):
    wanted = sorted(centers)
    others = [5 + gaps[0]]
    for gap in gaps[1 : len(wanted)]:
        others.append(others[-1] + 10 + gap)
    assume(others[-1] <= 195)

    def moved(places: list[float]) -> float:
        return sum((place - want) ** 2 for place, want in zip(places, wanted, strict=True))

    assert moved(spread(wanted, 10, 0, 200)) <= moved(others) + 1e-6
