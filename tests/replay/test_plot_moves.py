"""The page of a replay in the hands of a person: mouse, keys, list, and which rules are shown."""

import pytest

from tests.replay.opened import MINUTE_MS, Open, Plot
from tests.replay.plots import close_at
from tests.replay.reels import START_MS


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
    plot.until("it.shown === 1 && it.chart.table.levels.length === 1")
    assert plot.listed() == []


def touch(plot: Plot, finger: int, *xs: float) -> None:
    """Put a finger on the chart and move it, in shares of its width."""
    for number, x in enumerate(xs):
        plot.ask(
            "(() => { const over = it.chart.plot.over, box = over.getBoundingClientRect();"
            f" over.dispatchEvent(new PointerEvent('{'pointermove' if number else 'pointerdown'}',"
            f" {{pointerType: 'touch', pointerId: {finger}, clientX: box.left + {x} * box.width}})) }})()"
        )


def test_one_finger_moves_the_view(opened: Open):
    plot = opened(width=360, height=780)
    plot.page.keyboard.press("+")
    touch(plot, 1, 0.75, 0.5)
    assert plot.view == pytest.approx((1499 * 3 / 8, 1499 * 7 / 8), abs=1)


def test_two_fingers_look_closer(opened: Open):
    plot = opened(width=360, height=780)
    touch(plot, 1, 0.4)
    touch(plot, 2, 0.6)
    touch(plot, 1, 0.4, 0.3)
    touch(plot, 2, 0.6, 0.7)
    assert plot.length == pytest.approx(1499 / 2, abs=1)


def test_a_finger_that_was_lifted_moves_nothing(opened: Open):
    plot = opened(width=360, height=780)
    plot.page.keyboard.press("+")
    before = plot.view
    touch(plot, 1, 0.75)
    plot.ask("it.chart.plot.over.dispatchEvent(new PointerEvent('pointerup', {pointerId: 1}))")
    plot.ask("it.chart.plot.over.dispatchEvent(new PointerEvent('pointermove', {pointerId: 1}))")
    assert plot.view == before
