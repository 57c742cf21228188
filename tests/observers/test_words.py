"""What is said of a journal that was lost."""

from pathlib import Path

import pytest

from alertd.journal.events import BegunAnew
from alertd.observers.words import begun_anew_in_words


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            BegunAnew("it was moved, replaced or deleted", None, saved=0),
            (
                "the journal was lost: it was moved, replaced or deleted; "
                "a new one was begun, without the history of before"
            ),
        ),
        (
            BegunAnew("it is damaged", Path("/state/alertd.db.damaged"), saved=2),
            (
                "the journal was lost: it is damaged; it is kept as /state/alertd.db.damaged, and "
                "a new one was begun, without the history of before; saved: 2 alerts to be sent"
            ),
        ),
    ],
)
def test_a_journal_that_was_lost_is_told_with_what_is_left_of_it(event: BegunAnew, words: str):
    assert begun_anew_in_words(event) == words
