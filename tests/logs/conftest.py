"""What the tests of the log share."""

from collections.abc import Iterator

import pytest

from tests.logs.lines import given_back


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    with given_back():
        yield
