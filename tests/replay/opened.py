"""A plot that is open in a browser: what it shows, and how to point at it."""

from collections.abc import Callable
from typing import Any

from tests.browser import Tab
from tests.replay.reels import START_MS

MINUTE_MS = 60_000


class Plot:
    """A page that is open, its first chart drawn."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.page = tab, tab.page
        # What the page knows is looked at as `it`, its chart as `it.chart`.
        self.page.evaluate("opened.then((page) => { window.it = page })")

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def until(self, expression: str) -> None:
        """Look at every frame until it is true. The page's policy forbids Playwright's own way, which evaluates texts."""
        looking = (
            f"const look = () => ({expression}) ? done() : requestAnimationFrame(look); look();"
        )
        self.page.evaluate(f"new Promise((done) => {{ {looking} }})")

    @property
    def view(self) -> tuple[float, float]:
        """The minutes at the left and the right end of the chart."""
        view = self.ask("it.chart.view")
        return (view["min"] - START_MS) / MINUTE_MS, (view["max"] - START_MS) / MINUTE_MS

    @property
    def length(self) -> float:
        first, last = self.view
        return last - first

    def listed(self) -> list[str]:
        return self.page.locator("#list li").all_text_contents()

    def point_at(self, alert: int) -> None:
        at = self.ask(f"it.chart.place({alert})")
        over = self.page.locator(".u-over").bounding_box()
        assert over is not None
        self.page.mouse.move(over["x"] + at["x"], over["y"] + at["y"])

    def drag(self, start: float, end: float) -> None:
        """Drag the mouse over the chart, from one share of its width to another."""
        box = self.page.locator(".u-over").bounding_box()
        assert box is not None
        y = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + start * box["width"], y)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + end * box["width"], y, steps=4)
        self.page.mouse.up()

    def pixels(self, color: str) -> int:
        """How many pixels of the chart have one of the page's colors."""
        count: int = self.page.evaluate(
            """(name) => {
                const [, r, g, b] = color(name).match(/#(..)(..)(..)/).map((it) => parseInt(it, 16));
                const { ctx } = it.chart.plot;
                const { data } = ctx.getImageData(0, 0, ctx.canvas.width, ctx.canvas.height);
                let count = 0;
                for (let at = 0; at < data.length; at += 4) {
                    const [red, green, blue] = data.subarray(at, at + 3);
                    count += Math.abs(red - r) + Math.abs(green - g) + Math.abs(blue - b) < 9;
                }
                return count;
            }""",
            color,
        )
        return count

    def color_at(self, alert: int) -> str:
        """The color in the middle of an alert's mark, as #rrggbb."""
        rgb: list[int] = self.page.evaluate(
            """(alert) => {
                const { plot, table: { alerts } } = it.chart;
                const x = plot.valToPos(alerts[alert].time, "x", true);
                const y = plot.valToPos(alerts[alert].price, "y", true);
                return [...plot.ctx.getImageData(Math.round(x), Math.round(y), 1, 1).data];
            }""",
            alert,
        )
        return "#{:02x}{:02x}{:02x}".format(*rgb[:3])


Open = Callable[..., Plot]
