"""The page for users, docs/feed-faults.md, says what the feed does: each row is tried again."""

import re
from functools import cache

import pytest

from tests.market.feed.fault_cases import Case, cases
from tests.market.feed.fault_table import HEAD, TABLE, Finding, find

CASES = cases()
_AGAIN = "python -m tests.market.feed.fault_table > docs/feed-faults.md"
# Virtual seconds: what the machine's own time may add to the rounding.
_NEARLY_S = 1.0


def written_rows() -> dict[str, str]:
    text = TABLE.read_text(encoding="utf-8")
    assert text.startswith(HEAD), f"the page's head is another: {_AGAIN}"
    rows = text.removeprefix(HEAD).splitlines()
    return {row.removeprefix("| ").split(" | ")[0]: row for row in rows}


def parts(row: str) -> tuple[str, float | None]:
    """A row without its last cell, and the seconds in that."""
    texts, _, blind = row.removesuffix(" |").rpartition(" | ")
    seconds = re.fullmatch(r"([\d.]+) s", blind)
    return (texts, float(seconds[1])) if seconds else (row, None)


@cache
def found(case: Case) -> Finding:
    return find(case)


def check_row(finding: Finding) -> None:
    row = written_rows()[finding.does]
    (texts, seconds), (found_texts, found_seconds) = parts(row), parts(finding.row())
    assert found_texts == texts, f"the row is another: {_AGAIN}"
    assert found_seconds == pytest.approx(seconds, abs=_NEARLY_S), f"the time is another: {_AGAIN}"


def test_the_page_has_every_case_in_order():
    assert list(written_rows()) == [case.does for case in CASES], _AGAIN


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.does)
def test_the_feed_does_what_the_page_says(case: Case):
    check_row(found(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.does)
def test_the_feed_comes_back_by_itself_unless_the_address_is_wrong(case: Case):
    assert (found(case).blind_s is not None) is case.comes_back
