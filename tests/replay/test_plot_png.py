"""The picture of a replay: which symbols are in it, and how large it is."""

from pathlib import Path

import pytest
from PIL import Image, ImageStat

from alertd.market.past.klines import KlinesError
from alertd.replay.plot.png import plot_png
from tests.pictures import looks_like
from tests.replay.golden import PICTURE, picture
from tests.replay.plots import replay_of
from tests.replay.reels import ListedReel, crossing, rules_of, ticker, zigzag


def drawn(folder: Path, *reels: ListedReel, dark: bool = False) -> Image.Image:
    replay = replay_of(folder, [reel for reel in reels if reel.mistake is None], crossing(folder))
    file = folder / "out.png"
    plot_png(reels, replay.alerts, replay.rules, file, dark=dark)
    with Image.open(file) as image:
        image.load()
        return image


def test_the_picture_looks_as_it_did(tmp_path: Path):
    assert looks_like(picture(tmp_path), PICTURE)


def test_one_symbol_has_the_picture_for_itself(tmp_path: Path):
    assert drawn(tmp_path, zigzag("BTCUSDT", ticks=10)).size == (1280, 720)


@pytest.mark.parametrize(
    ("symbols", "columns", "rows"),
    [(2, 2, 1), (3, 2, 2), (4, 2, 2), (5, 3, 2), (12, 3, 4), (20, 3, 4)],
)
def test_several_symbols_stand_side_by_side(symbols: int, columns: int, rows: int, tmp_path: Path):
    reels = [zigzag(f"S{number}USDT", ticks=10) for number in range(symbols)]
    assert drawn(tmp_path, *reels).size == (640 * columns, 360 * rows)


def test_symbols_without_alerts_are_left_to_the_others(tmp_path: Path):
    quiet = ListedReel("QUIET", [ticker(second, 50, "QUIET") for second in range(10)])
    assert drawn(tmp_path, quiet, zigzag("BTCUSDT", ticks=10)).size == (1280, 720)


def test_without_any_alert_there_is_the_price(tmp_path: Path):
    rising = [ticker(second, 50 + second / 10, "QUIET") for second in range(100)]
    image = drawn(tmp_path, ListedReel("QUIET", rising))
    assert len(image.getcolors(1_000_000) or []) > 20


def test_without_any_ticker_the_picture_is_empty(tmp_path: Path):
    image = drawn(tmp_path, ListedReel("nothing", []))
    assert len(image.getcolors() or []) == 1


def test_a_level_that_no_picture_could_show_is_left_out(tmp_path: Path):
    far = (
        "rules: {up: {symbols: all, when: {any: [{close: {above: 1e17}}, {close: {above: 100}}]}}}"
    )
    replay = replay_of(tmp_path, [zigzag("BTCUSDT", ticks=10)], rules_of(tmp_path, far))
    plot_png([zigzag("BTCUSDT", ticks=10)], replay.alerts, replay.rules, tmp_path / "out.png")
    assert (tmp_path / "out.png").stat().st_size > 1000


def test_it_can_be_dark(tmp_path: Path):
    image = drawn(tmp_path, zigzag("BTCUSDT", ticks=10), dark=True)
    assert max(ImageStat.Stat(image).median) < 60


def test_what_is_wrong_in_a_file_is_said(tmp_path: Path):
    with pytest.raises(KlinesError, match="it is torn"):
        drawn(tmp_path, ListedReel("BTCUSDT", [ticker(0, 5)], mistake="it is torn"))
