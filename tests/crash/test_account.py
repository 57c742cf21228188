"""The account finds what breaks the promise, and lets pass what the promise allows."""

import attrs

from tests.crash.account import End, draw_up
from tests.crash.receiver import Reception, Told

DELIVERED = frozenset({("desk", 1)})
FIRST = Told(1, "ladder-1 firing")


def reception(*told: Told, life: int = 0, at: float = 1.0, answered: bool = True) -> Reception:
    return Reception("desk", life, at, told or (FIRST,), True, at if answered else None)


def end(life: int = 0, *, at: float = 1.1, killed: bool = True, delivered: bool = False) -> End:
    return End(life, at, killed, DELIVERED if delivered else frozenset())


def breaches(
    *receptions: Reception,
    ends: tuple[End, ...] = (end(), end(1, at=10, killed=False, delivered=True)),
    once: tuple[str, ...] = ("ladder-1 firing",),
    kept: dict[int, str] | None = None,
) -> list[str]:
    account = draw_up(
        receptions, ends, destinations=["desk"], once=once, kept=kept or {1: "ladder-1 firing"}
    )
    return [breach.partition(":")[0] for breach in account.breaches]


def test_an_alert_that_came_once_is_in_order():
    assert breaches(reception()) == []


def test_one_that_never_came_is_lost():
    assert breaches() == ["lost", "lost"]


def test_one_that_was_refused_is_lost():
    assert "lost" in breaches(attrs.evolve(reception(), taken=False))


def test_one_that_the_journal_has_and_nobody_received_is_lost():
    assert breaches(reception(), kept={1: "ladder-1 firing", 2: "wave firing"}) == ["lost"]


def test_one_that_comes_again_after_a_kill_between_answer_and_mark_had_to():
    assert breaches(reception(), reception(life=1, at=3)) == []


def test_it_had_not_if_the_mark_was_on_the_disk():
    ends = (end(delivered=True), end(1, at=10, killed=False))
    assert breaches(reception(), reception(life=1, at=3), ends=ends) == ["unjustified duplicate"]


def test_it_had_not_if_the_kill_came_long_after_the_answer():
    ends = (end(at=3.5), end(1, at=10, killed=False))
    assert breaches(reception(), reception(life=1, at=5), ends=ends) == ["unjustified duplicate"]


def test_it_had_not_if_the_process_ended_in_order():
    ends = (end(killed=False), end(1, at=10, killed=False))
    assert breaches(reception(), reception(life=1, at=3), ends=ends) == ["unjustified duplicate"]


def test_it_had_not_within_a_life_that_had_the_answer():
    assert breaches(reception(), reception(at=1.05)) == ["unjustified duplicate"]


def test_it_had_to_within_a_life_whose_answer_was_lost():
    assert breaches(reception(answered=False), reception(at=2)) == []


def test_a_second_number_for_one_firing_is_a_breach():
    again = Told(2, FIRST.says)
    found = breaches(reception(), reception(again, at=2))
    assert "numbered twice" in found


def test_a_number_that_stands_for_two_alerts_is_a_breach():
    assert breaches(reception(), reception(Told(1, "wave firing"), at=2, answered=False)) == [
        "unjustified duplicate",
        "numbered twice",
    ]


def test_a_level_that_begins_twice_in_a_row_is_a_breach():
    wave = [Told(2, "wave firing"), Told(3, "wave resolved"), Told(4, "wave firing")]
    assert breaches(reception(FIRST, *wave)) == []
    assert breaches(reception(FIRST, wave[0], wave[2])) == ["out of turn"]


def test_an_older_alert_after_a_newer_one_is_a_breach():
    assert breaches(reception(Told(2, "wave firing")), reception(at=2)) == ["out of order"]


def test_an_older_alert_that_comes_again_is_none():
    newer = reception(FIRST, Told(2, "wave firing"), answered=False)
    assert breaches(reception(answered=False), newer, reception(at=2)) == []


def test_a_journal_that_is_damaged_is_a_breach():
    ends = (End(0, 1.1, True, frozenset(), "page 3 is never used"),)
    assert breaches(reception(), ends=ends) == ["damaged after life 0"]
