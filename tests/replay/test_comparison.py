"""What a change of the rules comes to, rule by rule."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from alertd.engine.rule import Rule
from alertd.replay.comparison import Comparison, RuleChange, compare
from alertd.replay.difference import differences
from alertd.replay.replayed import Replayed
from tests.replay.alerts import alert, rule, summary_of


def compared(
    before: Sequence[Replayed],
    after: Sequence[Replayed],
    rules: Sequence[Rule] = (rule(),),
    others: Sequence[Rule] | None = None,
) -> Comparison:
    """Two replays, with other rules the second time."""
    first = summary_of(before, *rules)
    second = summary_of(after, *(rules if others is None else others))
    return compare(first, second, differences(before, after))


def test_a_rule_has_its_counts_before_and_after():
    before = [alert(0), alert(100), alert(200)]
    after = [alert(0), alert(112), alert(300), alert(400)]
    assert compared(before, after).rules["up"] == RuleChange(
        before=3, after=4, added=2, removed=1, moved=1
    )


def test_what_neither_moved_nor_is_in_one_only_is_the_same():
    assert compared([alert(0), alert(100)], [alert(0), alert(110)]).rules["up"].same == 1


def test_the_news_that_it_is_over_counts_as_well():
    change = compared([alert(0), alert(9, state="resolved")], [alert(0)]).rules["up"]
    assert (change.before, change.after, change.removed) == (2, 1, 1)


def test_rules_that_are_only_in_one_are_told_from_those_that_never_fired():
    changes = compared([], [], [rule("old"), rule("both")], [rule("both"), rule("new")]).rules
    assert [(name, it.before, it.after) for name, it in changes.items()] == [
        ("old", 0, None),
        ("both", 0, 0),
        ("new", None, 0),
    ]


def test_the_total_is_that_of_all_rules():
    rules = [rule("a"), rule("b")]
    found = compared([alert(0, "a"), alert(0, "b")], [alert(9, "a"), alert(99, "b")], rules)
    assert found.total == RuleChange(before=2, after=2, added=1, removed=1, moved=1)
    assert found.differences == 3


drawn = st.lists(st.tuples(st.integers(0, 300), st.sampled_from("ab")), unique=True)


@given(drawn, drawn)
def test_the_counts_of_each_rule_add_up(
    first: list[tuple[int, str]], second: list[tuple[int, str]]
):
    before, after = ([alert(*it) for it in sorted(each)] for each in (first, second))
    found = compared(before, after, [rule("a"), rule("b")])
    for name, change in found.rules.items():
        assert change.before == sum(it.rule == name for it in before)
        assert change.before == change.same + change.removed + change.moved
        assert change.after == change.same + change.added + change.moved
        shared = {it for it in first if it[1] == name} & set(second)
        assert change.same == len(shared)
