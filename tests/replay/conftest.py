"""Plots in a real browser, for the tests of what is on them and of how they are moved about."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import Tab, chromium
from tests.replay.opened import Open, Plot
from tests.replay.plots import page_of, swinging


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as it:
        yield it


@pytest.fixture(scope="module")
def two_symbols(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AUSDT has alerts of three rules, BUSDT fewer, CUSDT none."""
    folder = tmp_path_factory.mktemp("plot")
    return page_of(folder, [swinging(symbol) for symbol in ("AUSDT", "BUSDT", "CUSDT")])


@pytest.fixture
def opened(browser: Browser, two_symbols: Path) -> Generator[Open]:
    """Opens pages; whatever a page complains about fails the test."""
    tabs: list[Tab] = []

    def open_(
        file: Path = two_symbols, *, width: int = 1400, height: int = 900, dark: bool = False
    ) -> Plot:
        tabs.append(Tab.at(browser, file, width=width, height=height, dark=dark))
        return Plot(tabs[-1])

    yield open_
    for tab in tabs:
        with closing(tab):
            assert tab.complaints == []
