"""What the log says of alertd's own house: its journal, recording, disk, heartbeat and reloads."""

import logging
from collections.abc import Iterator

from alertd.config.listed import event_in_words
from alertd.config.wording import counted
from alertd.disk import DiskEvent
from alertd.heartbeat import Beat, Pulse
from alertd.journal.events import BegunAnew, Failing, JournalEvent, Opened, Recovered, Unsaved
from alertd.market.listings import ListingEvent, RefreshFailed
from alertd.market.past.recorded.events import (
    Recorded,
    RecordingEnds,
    RecordingEvent,
    RecordingGoesOn,
    Unrecorded,
)
from alertd.observers.line import Fields, Line
from alertd.observers.words import begun_anew_in_words
from alertd.web.operations import Reload


def journal_line(event: JournalEvent) -> Line:
    """Say that it cannot be written, ever more rarely, and that it can again."""
    match event:
        case Failing(reason, failures, lasts):
            so = "; alerts are sent all the same" if lasts else ""
            text = f"the journal cannot be written: {reason}{so}"
            about: Fields = {"reason": reason, "failures": failures}
            return Line(_rarely(failures, logging.ERROR), "journal.failing", text, about)
        case Recovered() | Opened():
            return Line(logging.WARNING, "journal.well", "the journal is written again")
        case Unsaved(alerts):
            lost = counted(len(alerts), "alert")
            why = "the journal could not be written, and they were not sent yet"
            text = f"LOST: {lost}: {why}: {', '.join(map(str, alerts))}"
            return Line(logging.CRITICAL, "journal.unsaved", text, {"numbers": alerts})
        case BegunAnew():
            about = {"reason": event.reason, "saved": event.saved}
            return Line(logging.ERROR, "journal.begun-anew", begun_anew_in_words(event), about)


def recording_line(event: RecordingEvent) -> Line:
    """Say that a file is finished, that there can be none, ever more rarely, and again."""
    match event:
        case Recorded():
            about: Fields = {"path": str(event.path), "tickers": event.tickers, "size": event.size}
            return Line(logging.INFO, "recording.file", str(event), about)
        case Unrecorded():
            level = _rarely(event.failures, logging.ERROR)
            about = {"reason": event.reason, "failures": event.failures}
            return Line(level, "recording.failing", str(event), about)
        case RecordingGoesOn():
            return Line(logging.WARNING, "recording.well", str(event), {"lost": event.lost})
        case RecordingEnds():
            return Line(logging.WARNING, "recording.ended", str(event), {"lost": event.lost})


def disk_line(event: DiskEvent) -> Line:
    """Say that the disk is nearly full, or no longer."""
    name = "disk.low" if event.is_low else "disk.well"
    fields = {"free": event.room.free, "total": event.room.total}
    return Line(logging.WARNING, name, str(event), fields)


def beat_line(beat: Beat) -> Line:
    """Say that the heartbeat is heard, or why not."""
    level = logging.INFO if beat.pulse is Pulse.HEARD else logging.WARNING
    name = f"heartbeat.{beat.pulse.name.lower()}"
    return Line(level, name, str(beat), {"reason": beat.reason or None})


def reload_lines(outcome: Reload) -> Iterator[Line]:
    """Say what came of a reload, with a line for each mistake and each note."""
    name = "reload" if outcome.ok else "reload.refused"
    level = logging.INFO if outcome.ok else logging.ERROR
    yield Line(level, name, outcome.summary)
    for mistake in outcome.mistakes:
        yield Line(logging.ERROR, "reload.mistake", mistake)
    for note in outcome.notes:
        yield Line(logging.WARNING, "reload.note", note)


def listing_line(event: ListingEvent) -> Line:
    """Say what keeps the list of symbols from being refreshed, ever more rarely."""
    text = event_in_words(event)
    if isinstance(event, RefreshFailed):
        about: Fields = {
            "reason": str(event.error),
            "failures": event.failures,
            "retry_in_s": round(event.retry_in_s, 1),
        }
        return Line(_rarely(event.failures, logging.WARNING), "listing.unread", text, about)
    return Line(logging.WARNING, "listing.cache", text, {"reason": event.reason})


def _rarely(failures: int, level: int) -> int:
    """Return the level of the first, second, fourth, eighth ... in a row, and DEBUG for the others."""
    return logging.DEBUG if failures & failures - 1 else level
