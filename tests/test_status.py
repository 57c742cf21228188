"""The daemon in a line."""

from alertd.observers.tally import Tally
from alertd.status import status_line
from alertd.web.operations import Reload

REFUSED = Reload(False, "reload refused for 2 mistakes: what ran before goes on", ("a:1:2: x", "b"))


def test_a_reload_that_was_refused_comes_first_with_its_first_mistake():
    tally = Tally()
    tally.on_reload(REFUSED)
    assert status_line(tally, symbols=2, rules="3 rules") == (
        "reload refused for 2 mistakes: what ran before goes on (a:1:2: x),"
        " 0 of 2 symbols streaming, 3 rules, 0 alerts"
    )


def test_a_reload_that_succeeds_ends_that():
    tally = Tally()
    tally.on_reload(REFUSED)
    tally.on_reload(Reload(True, "reloaded"))
    assert status_line(tally, symbols=2, rules="3 rules").startswith("0 of 2 symbols")
