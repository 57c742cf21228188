"""What people read of a replay: the table, at several widths, and as Markdown."""

from collections.abc import Sequence
from textwrap import dedent

import attrs
import pytest

from alertd.replay.printed.markdown import markdown_lines
from alertd.replay.printed.table import table_lines
from alertd.replay.replayed import Replayed
from alertd.replay.summary import summarize
from tests.replay.alerts import alert, rule, span, summary_of
from tests.replay.told import ALERTS, CHANNELS, RULES, SPANS, summary

WHOLE = """\
    2025-05-05 00:00 to 2025-05-07 00:00 UTC (2d): 2 symbols, 5,762 ticks

    rule         alerts  resolved  a day  symbols  messages  noisiest hour
    six-figures       2         0    1.0   1 of 1         2  1 on 05-05 01h
        BTCUSDT 2; silent for 1d 8h from 05-05 01:01; to phone 2
    dips              2         1    1.0   2 of 2         6  2 on 05-05 10h
        BTCUSDT 1; silent for 1d 14h from 05-05 10:00; to phone 3, desk 3
    never             0         0    0.0   0 of 2         0  -
    all rules         4         1    2.0   2 of 2         8  2 on 05-05 10h
        BTCUSDT 3; silent for 23h 20m from 05-05 10:00; to phone 5, desk 3

    destination      alerts  messages  digests  alerts in digests  noisiest hour
    phone: Telegram       5         5        0                  0  3 on 05-05 10h
    desk: Slack           3         3        0                  0  3 on 05-05 10h

    Never fired: never

    5 alerts, times in UTC:
    05-05 01:01:00   BTCUSDT  close crossed above 100000 · six-figures
    05-05 10:00:00 ! BTCUSDT  close fell 5.2% in 5m (asked 5%) · dips
    05-05 10:00:00 ‼ ETHUSDT  fell | _hard_ · dips
    05-05 10:15:00 ‼ ETHUSDT  Over: close fell 1.1% in 5m, no longer 5% · dips
    05-06 09:20:00   BTCUSDT  close crossed above 100000 · six-figures"""

MARKDOWN = r"""
    # Replay

    2025-05-05 00:00 to 2025-05-07 00:00 UTC (2d): 2 symbols, 5,762 ticks

    | rule | alerts | resolved | a day | symbols | messages | noisiest hour | messages by channel | busiest symbol | longest silence |
    |---|---:|---:|---:|---:|---:|---|---|---|---|
    | six-figures | 2 | 0 | 1.0 | 1 of 1 | 2 | 1 on 05-05 01h | phone 2 | BTCUSDT 2 | 1d 8h from 05-05 01:01 |
    | dips | 2 | 1 | 1.0 | 2 of 2 | 6 | 2 on 05-05 10h | phone 3, desk 3 | BTCUSDT 1 | 1d 14h from 05-05 10:00 |
    | never | 0 | 0 | 0.0 | 0 of 2 | 0 | - | - | - | 2d from 05-05 00:00 |
    | all rules | 4 | 1 | 2.0 | 2 of 2 | 8 | 2 on 05-05 10h | phone 5, desk 3 | BTCUSDT 3 | 23h 20m from 05-05 10:00 |

    | destination | alerts | messages | digests | alerts in digests | noisiest hour |
    |---|---:|---:|---:|---:|---|
    | phone: Telegram | 5 | 5 | 0 | 0 | 3 on 05-05 10h |
    | desk: Slack | 3 | 3 | 0 | 0 | 3 on 05-05 10h |

    Never fired: never

    ## Alerts

    The newest 2 of 5 alerts (--all shows every one), times in UTC:

    | time | severity | symbol | rule | what happened |
    |---|---|---|---|---|
    | 05-05 10:15:00 | critical | ETHUSDT | dips | Over: close fell 1.1% in 5m, no longer 5% |
    | 05-06 09:20:00 | info | BTCUSDT | six-figures | close crossed above 100000 |"""


def table(alerts: Sequence[Replayed] = ALERTS, *, width: int = 100) -> list[str]:
    return list(table_lines(summary(), alerts, width=width))


def test_all_of_it_can_be_read():
    assert table() == dedent(WHOLE).splitlines()


def test_all_of_it_can_be_read_as_markdown():
    lines = markdown_lines(summary(), ALERTS, newest=2)
    assert list(lines) == dedent(MARKDOWN).splitlines()[1:]


def test_a_wide_terminal_has_a_column_for_everything():
    head, first = table(width=150)[2:4]
    assert head.endswith("noisiest hour   messages by channel  busiest symbol  longest silence")
    assert first.endswith("phone 2              BTCUSDT 2       1d 8h from 05-05 01:01")


def test_one_channel_alone_needs_no_column_of_its_own():
    rules = [rule("dips", notify=["phone"])]
    found = summarize(ALERTS[1:2], rules, SPANS, CHANNELS)
    assert "messages by channel" not in "".join(markdown_lines(found, []))
    assert any(
        it.endswith("silent for 1d 14h from 05-05 10:00") for it in table_lines(found, [], width=80)
    )


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_longer_than_the_terminal_is_wide(width: int):
    assert max(map(len, table(width=width))) <= width


def test_a_line_of_the_list_that_is_too_long_goes_on_below_its_text():
    assert table(width=60)[-4:-2] == [
        "05-05 10:15:00 ‼ ETHUSDT  Over: close fell 1.1% in 5m, no",
        "                          longer 5% · dips",
    ]


def test_the_newest_alerts_are_listed_and_how_to_see_all():
    lines = list(table_lines(summary(), ALERTS, newest=1))
    assert lines[-2] == "The newest 1 of 5 alerts (--all shows every one), times in UTC:"
    assert lines[-1].startswith("05-06 09:20:00")


def test_all_alerts_are_listed_one_by_one_where_that_is_asked_for():
    many = [alert(minute) for minute in range(200)]
    lines = list(table_lines(summary_of(many), many, newest=None))
    assert lines[-201] == "200 alerts, times in UTC:"
    assert lines[-1].startswith("05-05 03:19:00")


def test_what_nobody_said_and_nobody_is_told_has_no_column():
    (head,) = (it for it in table_lines(summary_of([alert(0)]), []) if it.startswith("rule"))
    assert "resolved" not in head
    assert "messages" not in head


def test_one_rule_alone_has_no_sum_below_it():
    assert not any(it.startswith("all rules") for it in table_lines(summary_of([]), []))


def test_without_an_alert_there_is_no_list():
    assert list(table_lines(summary_of([]), []))[-1] == "Never fired: up"


def test_a_rule_whose_symbols_are_not_in_the_data_is_named_as_such():
    found = summary_of([alert(0)], rule("up"), rule("xrp", symbols=["XRPUSDT"]))
    lines = list(table_lines(found, []))
    assert "None of their symbols is in the data: xrp" in lines
    assert not any(it.startswith("Never fired") for it in lines)


def test_where_nothing_was_played_it_says_so():
    nothing = summarize([], RULES, [], CHANNELS)
    assert list(table_lines(nothing, [])) == ["No tick was played that any rule is for."]
    assert list(markdown_lines(nothing, []))[-1] == "No tick was played that any rule is for."


@pytest.mark.parametrize(
    ("minutes", "told"), [(2 * 1440 - 1, "(2d)"), (1440 - 1, "(1d)"), (330, "(5h 30m)")]
)
def test_days_are_told_to_the_hour_as_a_day_is_a_minute_less_from_tick_to_tick(
    minutes: int, told: str
):
    (first, *_) = table_lines(summary_of([], days=minutes / 1440), [])
    assert told in first


def test_what_does_not_reach_people_is_noted():
    sent = attrs.evolve(summary().sent[0], unwanted=1, given_up=1200, held=2)
    lines = list(table_lines(attrs.evolve(summary(), sent=(sent,)), []))
    assert "phone: Telegram: 1 alert below its min_severity" in lines
    assert "phone: Telegram: 1,200 alerts given up, as too many waited" in lines
    assert "phone: Telegram: 2 alerts held by quiet hours without an end" in lines


def test_a_year_is_told_where_there_are_several():
    lines = list(table_lines(summary_of([alert(0)], days=300), [alert(0)]))
    assert lines[-1].startswith("2025-05-05 00:00:00")
    assert any("299d 23h" in it or "300d from 2025-05-05 00:00" in it for it in lines)


@pytest.mark.parametrize(
    ("count", "days", "told"),
    [(0, 10, "0.0"), (1, 40, "<0.1"), (15, 10, "1.5"), (123, 10, "12"), (9, 0.4, "-")],
)
def test_a_rate_is_told_as_far_as_it_says_something(count: int, days: float, told: str):
    found = summary_of([alert(minute) for minute in range(count)], days=days)
    (_, row) = [it.split() for it in table_lines(found, [])][2:4]
    assert row[2] == told


def test_a_title_of_ones_own_is_told_as_it_is_and_that_it_is_over():
    own = [alert(0, title="BTC!"), alert(1, state="resolved", title="BTC!")]
    first, second = list(table_lines(summary_of(own), own))[-2:]
    assert first.endswith("BTCUSDT  BTC! · up")
    assert second.endswith("BTCUSDT  Over: BTC! · up")


@pytest.mark.parametrize("title", ["BTCUSDT is wide", "BTCUSDT: is wide"])
def test_a_title_does_not_repeat_the_symbol_beside_it(title: str):
    own = [alert(0, title=title)]
    assert list(table_lines(summary_of(own), own))[-1].endswith("BTCUSDT  is wide · up")


def test_nothing_steers_the_terminal():
    evil = [alert(0, title="\x1b[2J\nBTC"), alert(1, symbol="\x1b[31m")]
    assert all(it.isprintable() for it in table_lines(summary_of(evil), evil))


def test_a_long_name_is_cut():
    found = summary_of([], rule("a" * 60))
    assert list(table_lines(found, []))[3].startswith(f"{'a' * 27}…  ")


def test_markup_in_a_cell_is_shown_as_it_is():
    odd = [alert(0, title="*all* <b>`x`</b> [a](b) | c\\")]
    last = list(markdown_lines(summary_of(odd), odd))[-1]
    assert last.endswith(r"| \*all\* \<b\>\`x\`\</b\> \[a\](b) \| c\\ |")


def test_a_symbol_played_from_a_later_day_is_part_of_it():
    spans = [*SPANS, span("XRPUSDT", days=1, from_day=5)]
    lines = table_lines(summarize(ALERTS, RULES, spans, []), [])
    assert next(lines) == "2025-05-05 00:00 to 2025-05-11 00:00 UTC (6d): 3 symbols, 7,203 ticks"
