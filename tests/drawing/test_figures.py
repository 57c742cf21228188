"""Prices with the digits that they need."""

import pytest

from alertd.drawing.figures import common_decimals, exact, written


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (104_250.5, "104,250.5"),
        (100_000.0, "100,000"),
        (0.00001234, "0.00001234"),
        (1e-8, "0.00000001"),
        (0.1 + 0.2, "0.30000000"),
        (103_456.78234, "103,456.78"),
        (1_700_000_000.5, "1,700,000,000"),
        (0.0, "0"),
        (-1.5, "-1.5"),
        (1e13, "10,000,000,000,000"),
    ],
)
def test_a_price_has_its_own_digits_but_no_more_than_eight(price: float, text: str):
    assert exact(price) == text


def test_prices_of_a_market_are_written_with_the_decimals_of_the_finest():
    assert written(104_250.0, common_decimals([104_250.5, 104_251.0])) == "104,250.0"
