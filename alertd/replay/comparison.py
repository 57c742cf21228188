"""What a change of the rules comes to: two replays beside each other, rule by rule."""

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from alertd.replay.difference import Change, Difference
from alertd.replay.summary import Summary


@attrs.frozen(kw_only=True)
class RuleChange:
    """How many alerts a rule gave before and after, None where there was no such rule.

    Alerts that something is over count as well. What is neither `added`, `removed` nor `moved` is
    the same in both.
    """

    before: int | None
    after: int | None
    added: int
    removed: int
    moved: int

    @property
    def same(self) -> int:
        """How many alerts both replays have at the same time."""
        return (self.before or 0) - self.removed - self.moved


@attrs.frozen(kw_only=True)
class Comparison:
    """Two replays of the same data: their summaries, and what differs rule by rule, and in all.

    Rules of the same name are the same rule; those that are new come last.
    """

    before: Summary
    after: Summary
    rules: Mapping[str, RuleChange]
    total: RuleChange

    @property
    def differences(self) -> int:
        """How many alerts differ; what has moved is one."""
        return self.total.added + self.total.removed + self.total.moved


def compare(before: Summary, after: Summary, found: Iterable[Difference]) -> Comparison:
    """Count what was found to differ between two replays, and keep none of it."""
    counts: Counter[tuple[str, Change]] = Counter()
    for difference in found:
        counts[difference.alert.rule, difference.change] += 1
    names = dict.fromkeys((*before.rules, *after.rules))
    return Comparison(
        before=before,
        after=after,
        rules={
            name: _change(_count(before, name), _count(after, name), counts, [name])
            for name in names
        },
        total=_change(before.count, after.count, counts, names),
    )


def _change(
    before: int | None,
    after: int | None,
    counts: Mapping[tuple[str, Change], int],
    rules: Iterable[str],
) -> RuleChange:
    names = list(rules)
    added, removed, moved = (sum(counts.get((it, change), 0) for it in names) for change in Change)
    return RuleChange(before=before, after=after, added=added, removed=removed, moved=moved)


def _count(summary: Summary, rule: str) -> int | None:
    activity = summary.rules.get(rule)
    return None if activity is None else activity.firing + activity.resolved
