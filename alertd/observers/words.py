"""What the log and a system alert say alike."""

from alertd.config.wording import counted
from alertd.journal.events import BegunAnew


def begun_anew_in_words(event: BegunAnew) -> str:
    """Say what became of a journal that was lost, and what is left of it."""
    where = f"it was laid aside as {event.aside}" if event.aside else "it is gone"
    saved = counted(event.saved, "alert")
    return f"the journal was lost ({event.reason}): {where}; a new one was begun, with {saved} to be sent"
