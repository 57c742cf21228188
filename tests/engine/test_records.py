"""New highs and lows: on which tick a value leaves all others of a window behind."""

import pytest

from alertd.engine.condition import Comparison
from alertd.engine.metrics import METRICS
from tests.engine.stories import alerts_of, check_story
from tests.engine.tickers import check_of

HIGH = check_of("close", "new_high", within_s=10)
LOW = check_of("close", "new_low", within_s=10)
DAY_S = 86_400
DAYS_HIGH = check_of("close", "new_high", within_s=DAY_S)
DAYS_LOW = check_of("close", "new_low", within_s=DAY_S)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(HIGH, "1 2 3 4 5 6! 7! 7 6 8!", id="each tick that beats them all, not one that equals"),
        pytest.param(LOW, "9 8 7 6 5 4! 3! 3 4 2!", id="and downwards"),
        pytest.param(HIGH, "0:1 9.999:2 10:3!", id="it waits until the first tick is that old"),
        pytest.param(HIGH, "0:5 2:9 4:5 12:6", id="the highest counts at the very end of the window"),
        pytest.param(HIGH, "0:5 2:9 4:5 12.001:6!", id="and no more after that"),
        pytest.param(LOW, "0:5 2:1 4:5 12:4", id="the lowest counts at the very end of the window"),
        pytest.param(LOW, "0:5 2:1 4:5 12.001:4!", id="nor does that"),
        pytest.param(HIGH, "0:1 10:2! 60:5 62:6!", id="after a gap that empties the window it waits for one tick"),
        pytest.param(HIGH, "0:1 10:2! 60:5 71:4 72:6!", id="and for another where that one has left as well"),
        pytest.param(HIGH, "5", id="the first tick beats nobody"),
    ],
)  # fmt: skip
def test_a_record_of_a_window(tested: Comparison, story: str):
    check_story(tested, story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(DAYS_HIGH, "9/10/8 9/11/8! 9/11/8 9/10/8 9/11/8!", id="high"),
        pytest.param(DAYS_LOW, "9/10/8 9/10/7! 9/10/7 9/10/8 9/10/7!", id="low"),
        pytest.param(DAYS_HIGH, "9/10/8 10/10/8", id="the close alone makes none"),
    ],
)
def test_a_record_of_the_day_is_the_exchange_s_own(tested: Comparison, story: str):
    check_story(tested, story)


def test_a_day_s_record_of_another_metric_is_an_ordinary_window():
    tested = check_of("volume", "new_high", within_s=DAY_S)
    check_story(tested, "0:1 2:2 86399:3 86400:4!", "volume")


@pytest.mark.parametrize("metric", METRICS)
def test_only_of_the_close_a_day_s_record_is_the_exchange_s(metric: str):
    for operator in ("new_high", "new_low"):
        tested = check_of(metric, operator, within_s=DAY_S)
        assert tested.is_days_record is (metric == "close")
        assert not check_of(metric, operator, within_s=DAY_S - 1).is_days_record


def test_an_undefined_value_is_no_record():
    tested = check_of("range_position", "new_low", within_s=4)
    check_story(tested, "5/5/4 5/5/4 5/5/4 5/5/5 4/5/4!")


def test_the_noise_of_binary_fractions_is_no_record():
    assert 0.3 - 0.1 < 0.4 - 0.2
    tested = check_of("range", "new_high", within_s=4)
    check_story(tested, "0.3/0.3/0.1 0.3/0.3/0.1 0.4/0.4/0.2 0.4/0.4/0.1!")


@pytest.mark.parametrize(
    ("tested", "story", "reading"),
    [
        (HIGH, "0:3 2:5 4:4 10:7", (7, 4, 5)),
        (LOW, "0:7 2:5 4:6 10:3", (3, 6, 5)),
        (DAYS_HIGH, "9/10/8 9/11/8", (11, 10, 10)),
        (DAYS_LOW, "9/10/8 9/10/7", (7, 8, 8)),
    ],
)
def test_the_threshold_of_a_record_is_the_one_before(
    tested: Comparison, story: str, reading: tuple[object, ...]
):
    (alert,) = alerts_of(tested, story)
    told = alert.decisive
    assert (told.value, told.previous, told.threshold) == reading
