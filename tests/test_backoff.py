"""How long to wait after failures in a row."""

from hypothesis import given
from hypothesis import strategies as st

from alertd.backoff import Backoff

BACKOFF = Backoff(first_s=1, cap_s=60)


def test_the_ceiling_doubles_until_the_cap():
    ceilings = [BACKOFF.delay_s(failures, 1.0) for failures in range(1, 9)]
    assert ceilings == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_draw_spreads_over_the_whole_interval():
    assert [BACKOFF.delay_s(4, draw) for draw in (0, 0.25, 0.5)] == [0, 2, 4]


@given(st.integers(1, 10**9), st.floats(0, 1, exclude_max=True))
def test_it_is_never_longer_than_the_cap_however_long_the_outage(failures: int, draw: float):
    assert 0 <= BACKOFF.delay_s(failures, draw) < 60
