"""When it is told what happened while nobody watched: a table of what is found, second by second."""

from math import inf

from alertd.engine.touched import Touched
from alertd.observers.blindness import Back
from alertd.observers.gaps import GapNoticed, GapsLookedInto
from alertd.observers.meanwhile import Account, Meanwhile
from tests.observers.touches import touch

BACK = Back(("A", "B"), 720)
TOUCH, OTHER = touch(1), touch(2)


def noticed(*symbols: str, at_s: float = 100) -> Meanwhile:
    meanwhile = Meanwhile()
    for symbol in symbols:
        meanwhile.take(GapNoticed(symbol), at_s)
    return meanwhile


def found(*known: str, touched: tuple[Touched, ...] = (), unknown: tuple[str, ...] = ()):
    return GapsLookedInto(known, unknown, touched, 720)


def told(meanwhile: Meanwhile, at_s: float, *, back_is_expected: bool = False) -> Account | None:
    """What is told at a moment that is the first one at which it is due."""
    assert meanwhile.due_s(back_is_expected=back_is_expected) == at_s
    assert meanwhile.look(at_s - 0.01, back_is_expected=back_is_expected) is None
    return meanwhile.look(at_s, back_is_expected=back_is_expected)


# With the word that the feed is back.


def test_what_is_known_goes_with_the_word_that_the_feed_is_back():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A", "B", touched=(TOUCH,)), 102)
    meanwhile.hold(BACK, 160)
    assert told(meanwhile, 160) == Account(BACK, (TOUCH,), (), 720, told_before=False)
    assert meanwhile.due_s(back_is_expected=False) == inf


def test_that_word_waits_for_what_is_being_asked():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A"), 102)
    meanwhile.hold(BACK, 160)
    assert meanwhile.due_s(back_is_expected=False) == 175
    meanwhile.take(found("B", touched=(TOUCH,)), 164)
    account = meanwhile.look(164, back_is_expected=False)
    assert account == Account(BACK, (TOUCH,), (), 720, told_before=False)


def test_but_for_fifteen_seconds_and_no_longer():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A"), 102)
    meanwhile.hold(BACK, 160)
    assert told(meanwhile, 175) == Account(BACK, (), ("B",), 720, told_before=False)


def test_what_comes_after_it_is_told_by_itself_at_once():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A"), 102)
    meanwhile.hold(BACK, 160)
    meanwhile.look(175, back_is_expected=False)
    meanwhile.take(found("B", touched=(TOUCH,)), 190)
    account = meanwhile.look(190, back_is_expected=False)
    assert account is not None
    assert (account.back, account.touched) == (None, (TOUCH,))


def test_of_whom_nobody_asked_nothing_is_known():
    meanwhile = noticed("A")
    meanwhile.take(found("A"), 102)
    meanwhile.hold(BACK, 160)
    assert told(meanwhile, 160) == Account(BACK, (), ("B",), 720, told_before=False)


def test_what_stays_unknown_is_not_waited_for():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A", unknown=("B",)), 102)
    meanwhile.hold(BACK, 160)
    assert told(meanwhile, 160) == Account(BACK, (), ("B",), 720, told_before=False)


def test_what_was_known_of_another_gap_is_not_known_of_this_one():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A", "B"), 102)
    meanwhile.take(GapNoticed("A"), 1000)
    meanwhile.take(found(unknown=("A",)), 1001)
    meanwhile.hold(BACK, 1060)
    account = told(meanwhile, 1060)
    assert account is not None
    assert account.unknown == ("A", "B")


def test_nor_of_others():
    meanwhile = noticed("A", "B")
    meanwhile.take(found("A", "B"), 102)
    meanwhile.take(GapNoticed("A"), 1000)
    meanwhile.take(found("A"), 1001)
    meanwhile.hold(BACK, 1060)
    assert told(meanwhile, 1060) == Account(BACK, (), ("B",), 720, told_before=False)


def test_a_symbol_that_follows_belongs_to_the_same_gap():
    meanwhile = noticed("A")
    meanwhile.take(found("A"), 102)
    meanwhile.take(GapNoticed("B"), 130)
    meanwhile.take(found("B"), 131)
    meanwhile.hold(BACK, 190)
    assert told(meanwhile, 190) == Account(BACK, (), (), 720, told_before=False)


def test_so_does_one_that_follows_late_while_another_is_being_asked_for():
    meanwhile = noticed("A")
    meanwhile.take(GapNoticed("B"), 400)
    meanwhile.take(found("B"), 401)
    meanwhile.hold(BACK, 460)
    assert meanwhile.due_s(back_is_expected=False) == 475
    meanwhile.take(found("A"), 461)
    assert meanwhile.look(461, back_is_expected=False) is not None


# By itself.


def test_where_no_such_word_is_to_come_it_is_told_once_no_symbol_follows():
    meanwhile = noticed("A")
    meanwhile.take(found("A", touched=(TOUCH,)), 102)
    meanwhile.take(GapNoticed("B"), 110)
    meanwhile.take(found("B", touched=(OTHER,)), 112)
    assert told(meanwhile, 125) == Account(None, (TOUCH, OTHER), (), 720, told_before=False)
    assert meanwhile.due_s(back_is_expected=False) == inf


def test_but_within_a_minute_though_symbols_follow():
    meanwhile = noticed("A")
    meanwhile.take(found("A", touched=(TOUCH,)), 102)
    for second in range(101, 160):
        meanwhile.take(GapNoticed(f"S{second}"), second)
    account = told(meanwhile, 160)
    assert account is not None
    assert account.touched == (TOUCH,)


def test_where_it_is_to_come_it_waits_for_that_longer_and_then_is_told_by_itself():
    meanwhile = noticed("A")
    meanwhile.take(found("A", touched=(TOUCH,)), 102)
    account = told(meanwhile, 220, back_is_expected=True)
    assert account is not None
    assert account.touched == (TOUCH,)
    meanwhile.hold(Back(("A",), 720), 500)
    assert told(meanwhile, 500) == Account(Back(("A",), 720), (), (), 720, told_before=True)


def test_where_nothing_was_touched_nothing_is_told():
    meanwhile = noticed("A")
    meanwhile.take(found("A"), 102)
    assert meanwhile.due_s(back_is_expected=False) == inf
    assert meanwhile.look(1000, back_is_expected=False) is None


def test_the_next_gap_is_told_anew():
    meanwhile = noticed("A")
    meanwhile.take(found("A", touched=(TOUCH,)), 102)
    meanwhile.look(115, back_is_expected=False)
    meanwhile.take(GapNoticed("A"), 1000)
    meanwhile.take(GapsLookedInto(("A",), (), (OTHER,), 130), 1001)
    assert told(meanwhile, 1015) == Account(None, (OTHER,), (), 130, told_before=False)
