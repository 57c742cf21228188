"""Any text becomes glyphs that can be read."""

from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.drawing import lettering
from alertd.drawing.lettering import ELLIPSIS, fitted, runs, width

ANY_TEXT = st.text(st.characters(), max_size=40)


@pytest.fixture
def only_pillows_font(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """A machine without fonts."""
    monkeypatch.setattr(lettering, "_FILES", ())
    _forget()
    yield
    _forget()


def _forget() -> None:
    for cached in (
        lettering._system,
        lettering._font_number,
        lettering._readable,
        lettering._readable_character,
    ):
        cached.cache_clear()


def shown(text: str) -> str:
    return "".join(run for _, run in runs(text, 20))


def test_plain_text_takes_one_font():
    assert [run for _, run in runs("BTCUSDT 104,250.5", 20)] == ["BTCUSDT 104,250.5"]


@pytest.mark.usefixtures("only_pillows_font")
@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("\u5e01\u5b89\u4eba\u751fUSDT", f"{ELLIPSIS}USDT"),
        ("close \u2264 5", "close <= 5"),
        ("caf\u00e9", "cafe"),
        ("cafe\u0301", "cafe"),
        ("\u22125%", "-5%"),
        ("fell \U0001f514 now", "fell now"),
        ("two\nlines\t", "two lines"),
        ("\ud800x", "x"),
    ],
)
def test_without_other_fonts_a_text_is_written_with_what_there_is(text: str, readable: str):
    assert shown(text) == readable


def test_a_text_that_fits_stays_as_it_is():
    assert fitted("SOLUSDT", 20, 500) == "SOLUSDT"


def test_a_text_that_is_too_wide_ends_with_an_ellipsis():
    cut = fitted("SOLUSDT fell a lot", 20, 100)
    assert cut.endswith(ELLIPSIS)
    assert "SOLUSDT fell a lot".startswith(cut.removesuffix(ELLIPSIS))
    assert width(cut, 20) <= 100


def test_as_much_of_a_text_is_kept_as_fits():
    room = width(f"SOLUSDT{ELLIPSIS}", 20)
    assert fitted("SOLUSDTS and more", 20, room) == f"SOLUSDT{ELLIPSIS}"


def test_where_nothing_fits_nothing_is_written():
    assert fitted("SOLUSDT", 20, 2) == ""


def test_a_text_without_an_end_is_cut_all_the_same():
    assert len(fitted("x" * 1_000_000, 20, 300)) < 60


@given(ANY_TEXT, st.integers(9, 60), st.floats(0, 500))
def test_any_text_fits(text: str, size: int, room: float):
    assert width(fitted(text, size, room), size) <= room
