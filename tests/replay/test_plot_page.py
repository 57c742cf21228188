"""The page of a replay, opened in a real browser from the disk: what is on it, and what never is."""

import re
from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Browser

from alertd.replay.plot.html import plot_html
from tests.pictures import looks_like
from tests.replay.golden import PAGE, page_shot
from tests.replay.opened import MINUTE_MS, Open
from tests.replay.plots import RULES, close_at, page_of, replay_of, swinging
from tests.replay.reels import START_MS, ListedReel, rules_of, zigzag

# A name that would be trouble wherever it is taken for HTML, or for a script.
HOSTILE = '</script><img src=x onerror="window.hacked=1">\'\\'


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
    plot.until("it.chart.table.levels.length === 1")
    assert plot.ask("it.chart.levels()") == [{"rule": 3, "level": [94, 106]}]
    assert plot.pixels(f"rule-{plot.ask('it.chart.colors.get(3)')}") > 1000


def test_a_rule_that_is_not_enabled_is_not_drawn(opened: Open, tmp_path: Path):
    up, *others = rules_of(tmp_path, RULES)
    rules = [attrs.evolve(up, enabled=False), *others]
    reels = [swinging("AUSDT")]
    plot_html(reels, replay_of(tmp_path, reels, rules).alerts, rules, tmp_path / "out.html")
    plot = opened(tmp_path / "out.html")
    assert plot.ask("it.names") == ["ladder", "low", "corridor"]
    assert plot.ask("it.chart.levels()") == [{"rule": 1, "level": 96}]


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
    plot.until("it.alerts.length === 0")
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


def test_a_browser_that_is_too_old_is_told_so(opened: Open, two_symbols: Path):
    plot = opened()
    plot.page.add_init_script("delete window.DecompressionStream")
    plot.page.goto(two_symbols.as_uri())
    assert (
        plot.page.locator("#summary").inner_text()
        == "This page needs a browser from 2023 or later."
    )


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
    plot = opened(page_of(tmp_path, [zigzag("AUSDT", ticks=10_011)], rules))
    assert plot.page.locator("#summary").inner_text() == "10,010 alerts of 1 rule, on 1 symbol"
    assert len(plot.listed()) == 5_000
    said = plot.page.locator("#cut").inner_text()
    assert said == "The first 5,000 alerts of this symbol are in this page."


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
    plot.until("it.chart.plot.axes[0].stroke() === color('faint')")
    assert plot.pixels("price") > 2000
    assert plot.view == pytest.approx(before)


def test_the_page_looks_as_it_did(browser: Browser, tmp_path: Path):
    assert looks_like(page_shot(browser, tmp_path), PAGE)
