"""The picture that every other one is like: draws it anew, after somebody has looked at it.

    python -m tests.drawing.golden

It writes tests/drawing/golden-dark.png and golden-light.png, which `test_golden` compares with.
"""

from pathlib import Path

from alertd.drawing.png import draw
from tests.drawing.charts import an_alert

WIDTH, HEIGHT = 800, 450


def golden(*, dark: bool) -> Path:
    return Path(__file__).with_name(f"golden-{'dark' if dark else 'light'}.png")


def drawn(*, dark: bool) -> bytes:
    return draw(an_alert(), width=WIDTH, height=HEIGHT, dark=dark)


if __name__ == "__main__":
    for dark in (True, False):
        golden(dark=dark).write_bytes(drawn(dark=dark))
