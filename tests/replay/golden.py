"""The golden pictures of plots: `python -m tests.replay.golden` writes them anew. Look at them before committing."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from alertd.replay.plot.png import plot_png
from tests.browser import Tab, chromium
from tests.pictures import keep
from tests.replay.plots import RULES, page_of, replay_of, swinging
from tests.replay.reels import rules_of

PAGE = Path(__file__).with_name("golden-page.png")
PICTURE = Path(__file__).with_name("golden-picture.png")


def page_shot(browser: Browser, folder: Path) -> Path:
    """The page with its third alert chosen, as it looks in a wide window."""
    file = page_of(folder, [swinging(symbol) for symbol in ("AUSDT", "BUSDT")])
    tab = Tab.at(browser, file, width=1400, height=900, dark=False)
    tab.page.evaluate("opened.then((page) => { page.step(1); page.step(1); page.step(1); })")
    shot = folder / "page.png"
    tab.page.screenshot(path=shot)
    tab.close()
    return shot


def picture(folder: Path) -> Path:
    """Three symbols in one picture."""
    reels = [swinging(symbol) for symbol in ("AUSDT", "BUSDT", "CUSDT")]
    replay = replay_of(folder, reels, rules_of(folder, RULES.replace("BUSDT", '"?USDT"')))
    file = folder / "out.png"
    plot_png(reels, replay.alerts, replay.rules, file)
    return file


def main() -> None:
    """Write both."""
    with tempfile.TemporaryDirectory() as page, tempfile.TemporaryDirectory() as png:
        with chromium() as browser:
            keep(page_shot(browser, Path(page)), PAGE, width=700)
        keep(picture(Path(png)), PICTURE, width=720)


if __name__ == "__main__":
    main()
