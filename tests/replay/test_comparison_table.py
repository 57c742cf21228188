"""What people read of a comparison: rule by rule, then alert by alert."""

from collections.abc import Iterator
from textwrap import dedent

from alertd.replay.comparison import compare
from alertd.replay.difference import Difference, differences
from alertd.replay.printed.comparison_table import (
    comparison_markdown_lines,
    comparison_table_lines,
)
from alertd.replay.summary import summarize
from tests.replay.alerts import alert, rule, span, summary_of
from tests.replay.told import ALERTS, OTHERS, other_summary, summary

WHOLE = """\
    2025-05-05 00:00 to 2025-05-07 00:00 UTC (2d): 2 symbols, 5,762 ticks

    rule         before  after  same  added  removed  moved
    six-figures       2      1     1      0        1      0
    dips              3      3     2      0        0      1
    never             0      -     0      0        0      0
    new               -      1     0      1        0      0
    all rules         5      5     3      1        1      1

    messages         before  after
    phone: Telegram       5      5
    desk: Slack           3      3

    Only before: never
    Only after: new
    3 alerts differ: 1 added, 1 removed, 1 moved; 3 the same.

    3 differences, times in UTC:
    - 05-05 01:01:00   BTCUSDT  close crossed above 100000 · six-figures
    ~ 05-05 10:18:00 ‼ ETHUSDT  Over: rose · dips, 3m later
    + 05-06 11:00:00   BTCUSDT  new 4h high 104500 · new"""

MARKDOWN = """\
    # Comparison

    2025-05-05 00:00 to 2025-05-07 00:00 UTC (2d): 2 symbols, 5,762 ticks

    | rule | before | after | same | added | removed | moved |
    |---|---:|---:|---:|---:|---:|---:|
    | six-figures | 2 | 1 | 1 | 0 | 1 | 0 |
    | dips | 3 | 3 | 2 | 0 | 0 | 1 |
    | never | 0 | - | 0 | 0 | 0 | 0 |
    | new | - | 1 | 0 | 1 | 0 | 0 |
    | all rules | 5 | 5 | 3 | 1 | 1 | 1 |

    | messages | before | after |
    |---|---:|---:|
    | phone: Telegram | 5 | 5 |
    | desk: Slack | 3 | 3 |

    Only before: never

    Only after: new

    3 alerts differ: 1 added, 1 removed, 1 moved; 3 the same.

    ## Differences

    The newest 2 of 3 differences (--all shows every one), times in UTC:

    | change | time | severity | symbol | rule | what happened | moved |
    |---|---|---|---|---|---|---|
    | moved | 05-05 10:18:00 | critical | ETHUSDT | dips | Over: rose | 3m later |
    | added | 05-06 11:00:00 | info | BTCUSDT | new | new 4h high 104500 |  |"""


def found() -> Iterator[Difference]:
    return differences(ALERTS, OTHERS)


def test_all_of_it_can_be_read():
    comparison = compare(summary(), other_summary(), found())
    assert list(comparison_table_lines(comparison, found())) == dedent(WHOLE).splitlines()


def test_all_of_it_can_be_read_as_markdown():
    comparison = compare(summary(), other_summary(), found())
    lines = comparison_markdown_lines(comparison, found(), newest=2)
    assert list(lines) == dedent(MARKDOWN).splitlines()


def test_the_newest_differences_are_listed_and_how_to_see_all():
    comparison = compare(summary(), other_summary(), found())
    lines = list(comparison_table_lines(comparison, found(), newest=1))
    assert lines[-2].startswith("The newest 1 of 3 differences (--all")
    assert lines[-1].startswith("+ ")


def test_where_nothing_differs_it_says_so():
    same = compare(summary(), summary(), [])
    assert list(comparison_table_lines(same, []))[-1] == "No alert differs; 5 alerts in both."
    assert list(comparison_markdown_lines(same, []))[-1] == "No alert differs; 5 alerts in both."


def test_what_comes_sooner_is_earlier():
    before, after = [alert(20)], [alert(8)]
    first, second = summary_of(before), summary_of(after)
    comparison = compare(first, second, differences(before, after))
    *_, count, _, _, last = comparison_table_lines(comparison, differences(before, after))
    assert count == "1 alert differs: 0 added, 0 removed, 1 moved; 0 the same."
    assert last.endswith("· up, 12m earlier")


def test_a_long_line_goes_on_below_its_text():
    comparison = compare(summary(), other_summary(), found())
    *_, first, second, _, _ = comparison_table_lines(comparison, found(), width=50)
    assert first == "~ 05-05 10:18:00 ‼ ETHUSDT  Over: rose · dips, 3m"
    assert second == f"{'':28}later"


def test_rules_for_other_symbols_are_played_to_other_data():
    spans = [span("A", days=1), span("LONGUSDT", days=400)]
    before, after = [alert(0, symbol="LONGUSDT")], [alert(0, symbol="A")]
    first = summarize(before, [rule()], spans, [])
    second = summarize(after, [rule()], spans[:1], [])
    comparison = compare(first, second, differences(before, after))
    lines = list(comparison_table_lines(comparison, differences(before, after)))
    assert lines[0].startswith("Before: 2025-05-05 00:00 to 2026-06-09 00:00 UTC")
    assert lines[1].startswith("After: 2025-05-05 00:00 to 2025-05-06 00:00 UTC")
    # In the order of time, and one below the other.
    assert [it[:32] for it in lines[-2:]] == [
        "- 2025-05-05 00:00:00   LONGUSDT",
        "+ 2025-05-05 00:00:00   A       ",
    ]
    markdown = list(comparison_markdown_lines(comparison, []))
    assert (markdown[2], markdown[4]) == (lines[0], lines[1])


def test_a_year_is_not_told_because_of_what_was_not_played():
    nothing = summarize([], [rule("other")], [], [])
    comparison = compare(summary(), nothing, differences(ALERTS, []))
    lines = list(comparison_table_lines(comparison, differences(ALERTS, [])))
    assert lines[1] == "After: No tick was played that any rule is for."
    assert lines[-1].startswith("- 05-06 09:20:00")
