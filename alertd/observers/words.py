"""What the log and a system alert say alike."""

from alertd.config.wording import counted
from alertd.journal.events import BegunAnew


def begun_anew_in_words(event: BegunAnew) -> str:
    """Say what became of a journal that was lost, and what is left of it."""
    old = f"it is kept as {event.aside}, and " if event.aside else ""
    saved = f"; saved: {counted(event.saved, 'alert')} to be sent" if event.saved else ""
    lost = f"the journal was lost: {event.reason}"
    return f"{lost}; {old}a new one was begun, without the history of before{saved}"
