"""The page of a replay, opened in a real browser from the disk."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import Tab, chromium
from tests.pictures import looks_like
from tests.replay.golden import PAGE, page_shot
from tests.replay.plots import close_at, page_of, swinging
from tests.replay.reels import START_MS, ListedReel, zigzag

MINUTE_MS = 60_000
# A name that would be trouble wherever it is taken for HTML, or for a script.
HOSTILE = '</script><img src=x onerror="window.hacked=1">\'\\'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as it:
        yield it


class Plot:
    """A page that is open, its first chart drawn."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.page = tab, tab.page
        # What the page knows is looked at as `it`, its chart as `it.chart`.
        self.page.evaluate("opened.then((page) => { window.it = page })")

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(expression)

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


def test_the_page_asks_for_nothing_but_itself(opened: Open, two_symbols: Path):
    plot = opened()
    plot.page.locator("#symbol-after").click()
    assert plot.tab.requests == [two_symbols.as_uri()]


def test_what_is_not_in_the_page_cannot_be_asked_for(opened: Open):
    plot = opened()
    refused = plot.ask("fetch('http://127.0.0.1:9/').then(() => false, () => true)")
    assert refused
    assert any("Content Security Policy" in it for it in plot.tab.complaints)
    plot.tab.complaints.clear()


def test_a_script_that_was_not_written_with_the_page_is_not_run(opened: Open):
    plot = opened()
    plot.ask(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert plot.ask("window.ran === undefined")
    plot.tab.complaints.clear()


def test_the_price_is_drawn(opened: Open):
    assert opened().pixels("price") > 2000


def test_all_closes_are_in_the_page(opened: Open):
    assert opened().ask("it.chart.columns[1]") == [close_at(minute) for minute in range(1500)]


def test_each_alert_has_a_mark_in_the_color_of_its_rule(opened: Open):
    plot = opened()
    plot.page.keyboard.press("n")
    rule = plot.ask("it.alerts[it.chart.selected].rule")
    assert plot.color_at(0) == plot.ask(f"it.chart.ruleColor({rule})")


def test_a_rule_that_is_over_has_a_ring(opened: Open):
    plot = opened()
    over = plot.ask("it.alerts.findIndex((alert) => alert.state === 'resolved')")
    plot.ask(f"it.goTo({over})")
    assert plot.color_at(over) == plot.ask("color('surface')")


def test_rules_have_colors_of_their_own(opened: Open):
    plot = opened()
    colors = plot.ask("[...it.chart.colors.values()]")
    assert len(colors) == len(set(colors)) == 3


def test_the_level_of_a_rule_is_a_line_across_the_chart(opened: Open):
    plot = opened()
    assert plot.ask("it.chart.levels()") == [{"rule": 0, "level": 104}, {"rule": 2, "level": 96}]
    plot.ask("it.toggle(1), it.toggle(2)")
    assert plot.pixels(f"rule-{plot.ask('it.chart.colors.get(0)')}") > 500


def test_a_band_is_drawn_with_both_of_its_edges(opened: Open):
    plot = opened()
    plot.page.locator("#symbol-after").click()
    plot.page.wait_for_function("it.chart.table.levels.length === 1")
    assert plot.ask("it.chart.levels()") == [{"rule": 3, "level": [94, 106]}]
    assert plot.pixels(f"rule-{plot.ask('it.chart.colors.get(3)')}") > 1000


def test_dragging_looks_closer(opened: Open):
    plot = opened()
    plot.drag(0.25, 0.5)
    assert plot.view == pytest.approx((1499 * 0.25, 1499 * 0.5), abs=15)


def test_a_double_click_shows_all_of_it_again(opened: Open):
    plot = opened()
    plot.drag(0.25, 0.5)
    plot.page.locator(".u-over").dblclick()
    assert plot.view == pytest.approx((0, 1499))


def test_plus_halves_the_view_and_minus_doubles_it(opened: Open):
    plot = opened()
    plot.page.keyboard.press("+")
    assert plot.length == pytest.approx(1499 / 2)
    plot.page.keyboard.press("-")
    assert plot.length == pytest.approx(1499)


def test_arrows_move_the_view_by_a_quarter(opened: Open):
    plot = opened()
    plot.page.keyboard.press("+")
    plot.page.keyboard.press("ArrowRight")
    assert plot.view == pytest.approx((1499 * 3 / 8, 1499 * 7 / 8))
    plot.page.keyboard.press("ArrowLeft")
    assert plot.view == pytest.approx((1499 / 4, 1499 * 3 / 4))


def test_the_view_does_not_leave_the_data(opened: Open):
    plot = opened()
    plot.page.keyboard.press("+")
    for _ in range(9):
        plot.page.keyboard.press("ArrowRight")
    assert plot.view == pytest.approx((1499 / 2, 1499))


def test_nought_shows_all_of_it(opened: Open):
    plot = opened()
    plot.page.keyboard.press("+")
    plot.page.keyboard.press("0")
    assert plot.view == pytest.approx((0, 1499))


def test_n_and_p_go_from_alert_to_alert(opened: Open):
    plot = opened()
    for key in "nnnp":
        plot.page.keyboard.press(key)
    assert plot.ask("it.chart.selected") == 1
    assert plot.page.locator('#list [aria-current="true"]').count() == 1


def test_the_alert_that_is_gone_to_comes_into_view(opened: Open):
    plot = opened()
    for _ in range(4):
        plot.page.keyboard.press("+")
    last = plot.page.locator("#list button").last
    last.click()
    minute = (plot.ask("it.alerts.at(-1).time") - START_MS) / MINUTE_MS
    assert plot.view[0] < minute < plot.view[1]


def test_a_click_in_the_list_says_what_the_alert_said(opened: Open):
    plot = opened()
    plot.page.locator("#list button").first.click()
    alert = plot.ask("it.alerts[0]")
    told = plot.page.locator("#tip").inner_text()
    assert alert["title"] in told
    assert alert["body"].splitlines()[0] in told


def test_pointing_at_a_mark_says_rule_time_and_title(opened: Open):
    plot = opened()
    plot.point_at(0)
    told = plot.page.locator("#tip").inner_text()
    for part in ("AUSDT close crossed above 104", "5 May 00:23:00 UTC · up · info"):
        assert part in told


def test_a_click_on_a_mark_picks_its_alert(opened: Open):
    plot = opened()
    plot.point_at(0)
    plot.page.mouse.down()
    plot.page.mouse.up()
    plot.page.mouse.move(0, 0)
    assert plot.ask("it.chart.selected") == 0
    assert plot.page.locator("#tip").is_visible()


def test_the_line_above_says_what_was_at_the_pointer(opened: Open):
    plot = opened()
    plot.point_at(0)
    minute = (plot.ask("it.alerts[0].time") - START_MS) // MINUTE_MS
    assert (
        f"{close_at(minute):.2f}, 24 h 88.50 to 111.50"
        in plot.page.locator("#readout").inner_text()
    )


def test_a_rule_that_is_left_out_has_no_alerts_in_the_list(opened: Open):
    plot = opened()
    before = plot.listed()
    plot.page.locator("#filters button", has_text="ladder").click()
    after = plot.listed()
    assert after == [it for it in before if "ladder" not in it]
    assert 0 < len(after) < len(before)


def test_a_rule_that_is_taken_in_again_is_back(opened: Open):
    plot = opened()
    before = plot.listed()
    for _ in range(2):
        plot.page.locator("#filters button", has_text="ladder").click()
    assert plot.listed() == before


def test_a_rule_that_is_left_out_stays_out_on_another_symbol(opened: Open):
    plot = opened()
    plot.ask("it.toggle(3)")
    plot.page.locator("#symbols").select_option(index=1)
    plot.page.wait_for_function("it.shown === 1 && it.chart.table.levels.length === 1")
    assert plot.listed() == []


def test_the_symbol_with_the_most_alerts_is_the_first(opened: Open):
    names = opened().page.locator("#symbols option").all_inner_texts()
    assert [re.sub(r"\d+ alerts?", "some", name) for name in names] == [
        "AUSDT: some",
        "BUSDT: some",
        "CUSDT: no alert",
    ]


def test_a_symbol_without_alerts_has_its_price(opened: Open):
    plot = opened()
    plot.page.locator("#symbols").select_option(index=2)
    plot.page.wait_for_function("it.alerts.length === 0")
    assert plot.listed() == []
    assert plot.pixels("price") > 2000


def test_where_data_is_missing_the_line_has_a_gap(opened: Open, tmp_path: Path):
    plot = opened(page_of(tmp_path, [swinging("AUSDT", missing=range(300, 400))]))
    columns = plot.ask("it.chart.columns.map((column) => column.slice(299, 302))")
    assert [(it - START_MS) / MINUTE_MS for it in columns[0]] == pytest.approx(
        [299, 299, 400], abs=1e-3
    )
    assert columns[1] == [close_at(299), None, close_at(400)]


def test_without_a_single_ticker_the_page_still_opens(opened: Open, tmp_path: Path):
    plot = opened(page_of(tmp_path, [ListedReel("nothing", [])]))
    assert plot.page.locator("#summary").inner_text() == "0 alerts of 4 rules"


def test_names_and_texts_are_never_taken_for_html(opened: Open, tmp_path: Path):
    rules = f"""\
rules:
  {quoted("rule" + HOSTILE)}:
    symbols: all
    when: {{close: {{crosses: 100}}}}
    title: {quoted("title" + HOSTILE)}
    message: {quoted("body" + HOSTILE)}
"""
    plot = opened(page_of(tmp_path, [swinging("A" + HOSTILE)], rules, notes=["note" + HOSTILE]))
    plot.page.keyboard.press("n")
    text = plot.page.locator("body").inner_text()
    for name in ("rule", "title", "body", "A", "note"):
        assert name + HOSTILE in text
    assert plot.ask("[window.hacked === undefined, document.querySelectorAll('img').length]") == [
        True,
        0,
    ]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("width", [320, 360, 768, 1400])
def test_nothing_is_wider_than_the_window(width: int, opened: Open, tmp_path: Path):
    rules = f"rules: {{{'a-long-name' * 9}: {{symbols: all, when: {{close: {{crosses: 100}}}}}}}}"
    plot = opened(page_of(tmp_path, [swinging("A" * 70 + "USDT")], rules), width=width, height=780)
    plot.page.keyboard.press("n")
    assert plot.ask("document.documentElement.scrollWidth") == width


def test_where_alerts_are_left_out_the_page_says_so(opened: Open, tmp_path: Path):
    rules = "rules: {up: {symbols: all, when: {close: {crosses: 100}}}}"
    plot = opened(page_of(tmp_path, [zigzag("AUSDT", ticks=20_011)], rules))
    assert plot.page.locator("#summary").inner_text() == "20,010 alerts of 1 rule, on 1 symbol"
    assert len(plot.listed()) == 20_000
    said = plot.page.locator("#cut").inner_text()
    assert said == "The first 20,000 alerts of this symbol are in this page."


def test_a_phone_has_the_chart_first_and_the_list_below(opened: Open):
    plot = opened(width=360, height=780)
    chart, listed = (plot.page.locator(it).bounding_box() for it in ("#chart", "#list"))
    assert chart is not None
    assert listed is not None
    assert chart["width"] > 320
    assert chart["y"] + chart["height"] < listed["y"]


def test_in_the_dark_the_page_is_dark(opened: Open):
    bright, dark = (opened(dark=it).ask("color('surface')") for it in (False, True))
    assert int(bright[1:3], 16) > 240
    assert int(dark[1:3], 16) < 40


def test_when_it_becomes_dark_the_chart_follows(opened: Open):
    plot = opened()
    plot.page.keyboard.press("+")
    before = plot.view
    plot.page.emulate_media(color_scheme="dark")
    plot.page.wait_for_function("it.chart.plot.axes[0].stroke() === color('faint')")
    assert plot.pixels("price") > 2000
    assert plot.view == pytest.approx(before)


def test_the_page_looks_as_it_did(browser: Browser, tmp_path: Path):
    assert looks_like(page_shot(browser, tmp_path), PAGE)
