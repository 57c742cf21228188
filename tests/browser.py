"""A real browser for the pages that alertd writes: Debian's Chromium without a window."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def chromium() -> Generator[Browser]:
    """Start a browser, and end it. Skips where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("no chromium to open pages with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield browser
        browser.close()


@attrs.frozen
class Tab:
    """A page in the browser: what it asked for, and what it complained about."""

    page: Page
    requests: list[str]
    complaints: list[str]

    @classmethod
    def at(cls, browser: Browser, file: Path, *, width: int, height: int, dark: bool) -> "Tab":
        """Open a file in a window of so many pixels."""
        context = browser.new_context(
            viewport=ViewportSize(width=width, height=height),
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(10_000)
        tab = cls(context.new_page(), [], [])
        tab.page.on("request", lambda request: tab.requests.append(request.url))
        tab.page.on("console", lambda message: tab.complaints.append(message.text))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.goto(file.as_uri())
        return tab

    def close(self) -> None:
        """Close it, and with it all that it remembers."""
        self.page.context.close()
