from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.delivery import numbers

NOW = datetime(2025, 5, 8, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100000.0, "100000"),
        (0.00001, "0.00001"),
        (1e-8, "0.00000001"),
        (1e16, "10000000000000000"),
        (0.1, "0.1"),
        (-0.0, "0"),
        (-12.5, "-12.5"),
        (5, "5"),
    ],
)
def test_a_plain_number_has_no_exponent_and_no_idle_zero(value: float, text: str) -> None:
    assert numbers.plain(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_number_reads_back_as_the_same_float(value: float) -> None:
    text = numbers.plain(value)
    assert float(text) == value
    assert "e" not in text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (-0.001, 2, "0.00"),
        (-1.005, 2, "-1.01"),
        (12, 1, "12.0"),
        (1e-5, 7, "0.0000100"),
    ],
)
def test_fixed_rounds_the_written_number_half_away_from_zero(
    value: float, places: int, text: str
) -> None:
    assert numbers.fixed(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.3000000000000003, "3.3"),
        (0.30000000000000004, "0.3"),
        (1.5e-15, "0.0000000000000015"),
        (1e-18, "0.000000000000000001"),
    ],
)
def test_a_price_with_more_decimals_than_any_market_has_is_written_in_twelve_digits(
    value: float, text: str
) -> None:
    assert numbers.price(value, numbers.decimals_in(value)) == text


def test_fixed_takes_the_largest_number_with_the_most_decimals() -> None:
    assert numbers.fixed(1e308, 12) == f"1{'0' * 308}.{'0' * 12}"


@pytest.mark.parametrize("places", [-1, 13])
def test_fixed_refuses_decimals_that_no_price_has(places: int) -> None:
    with pytest.raises(ValueError, match="0 to 12"):
        numbers.fixed(1.0, places)


def test_a_price_is_written_in_full() -> None:
    assert numbers.price(0.00001234, 2) == "0.00001234"


def test_a_quotient_is_rounded_to_the_digits_of_the_prices_around_it() -> None:
    assert numbers.price(98360.8123456789, 1) == "98360.8"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_234_567, "1.2M"),
        (50_000_000, "50M"),
        (17_935_123_456.7, "17.9B"),
        (2.5e12, "2.5T"),
        (999_949, "999.9k"),
        (999_950, "1M"),
        (-1500, "-1.5k"),
        (999.97, "1k"),
        (224.7, "224.7"),
        (1, "1"),
        (0.0123, "0.012"),
        (0, "0"),
    ],
)
def test_si_keeps_one_decimal_of_thousands_millions_and_so_on(value: float, text: str) -> None:
    assert numbers.si(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (50_012_000, 2, "50.01M"),
        (50_000_000, 4, "50M"),
        (999_996, 2, "1M"),
        (999_994, 2, "999.99k"),
        (0.0123456, 3, "0.01235"),
    ],
)
def test_si_takes_as_many_decimals_as_are_wanted(value: float, places: int, text: str) -> None:
    assert numbers.si(value, places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(51_250_000, "51.25M"), (50_000_000, "50M"), (1_234_567.89, "1.23456789M"), (999, "999")],
)
def test_an_exact_si_loses_no_digit(value: float, text: str) -> None:
    assert numbers.si_exact(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (45, "45s"), (150, "2m 30s"), (3600, "1h"), (3605, "1h"), (100_000, "1d 3h")],
)
def test_a_duration_is_written_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(300, "5m ago"), (0.4, "just now"), (-7200, "in 2h")]
)
def test_ago_tells_the_past_from_the_future(seconds: float, text: str) -> None:
    assert numbers.ago(NOW - timedelta(seconds=seconds), NOW) == text
