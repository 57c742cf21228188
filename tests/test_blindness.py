"""When a lost feed is worth a word: a table of what happens, second by second."""

from math import inf

from alertd.blindness import Back, Blindness, Lost

CUT = "connection refused"


def blindness() -> Blindness:
    return Blindness(after_s=60)


def test_what_comes_back_in_time_is_not_told():
    feed = blindness()
    feed.lose(["BTCUSDT"], CUT, 100)
    assert feed.due_s() == 160
    assert feed.look(159.9) is None
    feed.see("BTCUSDT", 159.9)
    assert (feed.due_s(), feed.look(1000)) == (inf, None)


def test_what_does_not_is_told_once_with_all_that_are_blind():
    feed = blindness()
    feed.lose(["BTCUSDT"], "cut", 100)
    feed.lose(["ETHUSDT"], CUT, 150)
    assert feed.look(160) == Lost(("BTCUSDT", "ETHUSDT"), 60, CUT)
    assert (feed.due_s(), feed.look(1000)) == (inf, None)


def test_a_symbol_that_is_lost_again_and_again_is_blind_from_the_first_time_on():
    feed = blindness()
    feed.lose(["BTCUSDT"], CUT, 100)
    feed.lose(["BTCUSDT"], CUT, 130)
    assert feed.due_s() == 160


def test_that_it_is_back_is_told_when_it_has_stayed_for_as_long():
    feed = blindness()
    feed.lose(["BTCUSDT"], CUT, 100)
    feed.look(160)
    feed.see("BTCUSDT", 200)
    assert feed.due_s() == 260
    assert feed.look(259) is None
    assert feed.look(260) == Back(("BTCUSDT",), 100)
    assert (feed.due_s(), feed.look(1000)) == (inf, None)


def test_a_feed_that_comes_and_goes_is_one_fault():
    feed = blindness()
    feed.lose(["BTCUSDT"], CUT, 100)
    told = [feed.look(160)]
    for begin in range(200, 1000, 100):
        feed.see("BTCUSDT", begin)
        told.append(feed.look(begin + 50))
        feed.lose(["BTCUSDT"], CUT, begin + 50)
        told.append(feed.look(begin + 100))
    assert [it for it in told if it] == [Lost(("BTCUSDT",), 60, CUT)]


def test_others_are_told_of_once_they_are_as_many_again():
    feed = blindness()
    feed.lose(["A", "B"], CUT, 100)
    feed.look(160)
    feed.lose(["C"], CUT, 170)
    assert feed.look(500) is None
    feed.lose(["D"], CUT, 500)
    assert feed.look(560) == Lost(("A", "B", "C", "D"), 460, CUT)


def test_it_is_back_only_when_all_are():
    feed = blindness()
    feed.lose(["A", "B"], CUT, 100)
    feed.look(160)
    feed.see("A", 200)
    assert (feed.due_s(), feed.look(1000)) == (inf, None)
    feed.see("B", 1000)
    assert feed.look(1060) == Back(("A", "B"), 900)


def test_the_next_fault_is_told_anew():
    feed = blindness()
    feed.lose(["A"], CUT, 100)
    feed.look(160)
    feed.see("A", 200)
    feed.look(260)
    feed.lose(["A"], CUT, 300)
    assert feed.look(360) == Lost(("A",), 60, CUT)


def test_what_is_no_longer_watched_is_not_blind():
    feed = blindness()
    feed.lose(["A", "B"], CUT, 100)
    feed.forget(["A"])
    assert feed.look(160) == Lost(("B",), 60, CUT)
    feed.forget(["B"])
    assert (feed.due_s(), feed.look(1000)) == (inf, None)
