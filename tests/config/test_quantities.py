import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.config.mistakes import WrongError
from alertd.config.quantities import (
    duration_between,
    duration_ms,
    number,
    rate,
    whole_number_between,
)
from alertd.config.wording import Filled
from alertd.engine.words import duration_in_words
from alertd.rate import Rate


@pytest.mark.parametrize("text", ["5s", "30s", "10m", "9m60s"])
def test_a_duration_in_its_bounds_is_read(text: str):
    assert duration_between("5s", "10m")(text) == duration_ms(text)


@pytest.mark.parametrize("text", ["4999ms", "601s", "1h", 0])
def test_a_duration_out_of_its_bounds_says_them(text: object):
    with pytest.raises(WrongError, match="is not from 5s to 10m"):
        duration_between("5s", "10m")(text)


@pytest.mark.parametrize("value", [1, 7, 1000, Filled("7", "${N}")])
def test_a_whole_number_in_its_bounds_is_read(value: object):
    assert whole_number_between(1, 1000)(value) == int(str(value))


@pytest.mark.parametrize("value", [0, 1001, -1, Filled("0", "${N}")])
def test_a_whole_number_out_of_its_bounds_says_them(value: object):
    with pytest.raises(WrongError, match="is not from 1 to 1,000"):
        whole_number_between(1, 1000)(value)


@pytest.mark.parametrize("value", [True, 2.5, "7", "off", None, [7], Filled("7.5", "${N}")])
def test_what_is_no_whole_number_is_none(value: object):
    with pytest.raises(WrongError, match="a whole number from 1 to 1,000 is expected here"):
        whole_number_between(1, 1000)(value)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("500ms", 500),
        ("30s", 30_000),
        ("15m", 900_000),
        ("4h", 14_400_000),
        ("7d", 604_800_000),
        ("1h30m", 5_400_000),
        ("1d2h3m4s5ms", 93_784_005),
        ("1m500ms", 60_500),
        ("0s", 0),
        ("366d", 31_622_400_000),
        (0, 0),
    ],
)
def test_a_duration_is_read_as_milliseconds(text: object, milliseconds: int):
    assert duration_ms(text) == milliseconds


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (30, "write 30s for seconds"),
        (1.5, "write 1.5s for seconds"),
        (-1, "below zero"),
        ("", "no duration"),
        ("1.5h", "no duration"),
        ("30m1h", "no duration"),
        ("-5m", "no duration"),
        ("5 m", "did you mean `5m`"),
        ("5M", "did you mean `5m`"),
        ("10 minutes", "did you mean `10m`"),
        ("2hrs", "did you mean `2h`"),
        ("30 Sec", "did you mean `30s`"),
        ("1:30", "no duration"),
        ("366d1ms", "longer than a year"),
        ("9" * 15 + "d", "longer than a year"),
        (True, "is expected here"),
        (None, "is expected here"),
        ([], "is expected here"),
    ],
)
def test_what_is_no_duration_says_why(value: object, said: str):
    with pytest.raises(WrongError, match=said):
        duration_ms(value)


@given(st.integers(0, 366 * 86_400_000))
def test_a_duration_in_words_is_read_as_itself(milliseconds: int):
    assert duration_ms(duration_in_words(milliseconds)) == milliseconds


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (100000, 100000.0),
        ("100_000", 100000.0),
        ("1e6", 1e6),
        ("1E-3", 1e-3),
        ("2.5k", 2500.0),
        ("50M", 5e7),
        ("1.2B", 1.2e9),
        ("-1.5k", -1500.0),
        (0.1, 0.1),
        (-8, -8.0),
    ],
)
def test_a_number_is_what_a_person_reads(value: object, meant: float):
    assert number(value) == meant


@given(
    st.decimals(-(10**12), 10**12, places=8, allow_nan=False), st.sampled_from(["", "k", "M", "B"])
)
def test_a_number_is_the_float_nearest_to_the_decimal_written(decimal: Decimal, suffix: str):
    scale = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9}[suffix]
    # A quotient of integers is rounded once, correctly: an independent way to the nearest float.
    top, bottom = decimal.as_integer_ratio()
    assert number(f"{decimal:f}{suffix}") == top * scale / bottom


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("50m", "did you mean `50M`"),
        ("2b", "did you mean `2B`"),
        ("5K", "did you mean `5k`"),
        ("1,000", "did you mean `1_000`"),
        ("$100,000.5", "did you mean `100_000.5`"),
        ("100 k", "did you mean `100k`"),
        ("100,5", "1.2B$"),
        ("1__0", "no number"),
        ("_1", "no number"),
        ("k", "no number"),
        ("١٢", "no number"),
        ("1" * 65, "no number"),
        ("1e999", "no finite number"),
        (math.inf, "no finite number"),
        (math.nan, "no finite number"),
        (10**400, "no finite number"),
        (True, "is expected here"),
        ({}, "is expected here"),
    ],
)
def test_what_is_no_number_says_why(value: object, said: str):
    with pytest.raises(WrongError, match=said):
        number(value)


@pytest.mark.parametrize(
    ("text", "expected"), [("1/s", Rate(1, 1)), ("20/m", Rate(20, 60)), ("100/h", Rate(100, 3600))]
)
def test_a_rate_is_so_many_times_in_so_many_seconds(text: str, expected: Rate):
    assert rate(text) == expected


def test_a_rate_spreads_its_turns_evenly():
    assert Rate(20, 60).interval_s == 3


@pytest.mark.parametrize("value", ["0/s", "1/d", "1", 1, "-1/s", "1 / s", None])
def test_what_is_no_rate_is_refused(value: object):
    with pytest.raises(WrongError, match="rate"):
        rate(value)
