"""The log: what matters in a line each, and repeated noise ever more rarely."""

import logging
from collections import Counter
from datetime import UTC, datetime

from alertd.config.listed import event_in_words
from alertd.config.wording import counted, few
from alertd.delivery.numbers import duration
from alertd.delivery.report import Fault, Outcome, Report
from alertd.delivery.wording import gist_of
from alertd.disk import DiskEvent
from alertd.engine.alert import Alert, AlertState
from alertd.heartbeat import Beat, Pulse
from alertd.journal.events import BegunAnew, Failing, JournalEvent, Opened, Recovered, Unsaved
from alertd.market.feed.events import (
    BadFrame,
    Disconnected,
    FeedEvent,
    LateTicker,
    Quiet,
    Renewed,
    Streaming,
    TurnedBack,
)
from alertd.market.listings import ListingEvent
from alertd.market.past.recording_events import (
    Recorded,
    RecordingEnds,
    RecordingEvent,
    RecordingGoesOn,
    Unrecorded,
)
from alertd.observers.gaps import GapEvent, GapsLookedInto
from alertd.observers.observer import Noted, Observer
from alertd.observers.words import begun_anew_in_words, touched_in_words
from alertd.web.operations import Reload

_log = logging.getLogger("alertd")

_FEW = 3
_MOST_TOUCHED = 20


class LogObserver(Observer):
    """Writes what matters to the log: a line an event, and repeated noise ever more rarely."""

    def __init__(self) -> None:
        # How many each destination has passed on since it began to fail.
        self._passed_on: Counter[str] = Counter()

    def on_feed(self, event: FeedEvent) -> None:
        """Log a symbol that is seen again, or no longer, and what was skipped."""
        match event:
            case Streaming():
                _log.info("%s: streaming", event.symbol)
            case Disconnected():
                text = "%s: not seen: %s; attempt %d in %.1f s"
                attempt = event.failures + 1
                # The first, second, fourth, eighth ... in a row: an outage is not a flood of lines.
                level = logging.DEBUG if event.failures & event.failures - 1 else logging.WARNING
                _log.log(level, text, _named(event.symbols), event.fault, attempt, event.retry_in_s)
            case Quiet():
                text = "%s: silent for %.0f s on a connection that is well; %s"
                _log.info(text, _named(event.symbols), event.silent_s, event.likely)
            case TurnedBack():
                text = "%s: the market's time went back, from %s to %s; its rules begin anew"
                _log.warning(text, event.symbol, _moment(event.from_ms), _moment(event.to_ms))
            case Renewed():
                _log.info("%s: a new connection took over", _named(event.symbols))
            case BadFrame() if _is_round(event.count):
                text = "%s: a bad frame was skipped (%d so far): %s"
                _log.warning(text, _named(event.symbols), event.count, event.reason)
            case LateTicker() if _is_round(event.count):
                text = "%s: a late ticker was dropped (%d so far)"
                _log.debug(text, event.symbol, event.count)

    def on_gap(self, event: GapEvent) -> None:
        """Log what was touched and not alerted."""
        if isinstance(event, GapsLookedInto) and event.touched:
            lines = few(touched_in_words(event.touched), _MOST_TOUCHED)
            _log.warning("touched while nobody watched, and not alerted: %s", lines)

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        """Log both."""
        if begun:
            _log.info("%s: began to trade, and is watched", _named(begun))
        if ended:
            _log.warning("%s: trades no more, and is no longer watched", _named(ended))

    def on_alert(self, noted: Noted) -> None:
        """Log the alert with what made it, in the words in which people are told."""
        alert, silence = noted.alert, noted.silence
        subject = f"{noted.number}: {alert.rule.name} {alert.symbol}"
        silenced = f" (silenced by {silence.number})" if silence else ""
        _log.info("%s %s: %s%s", _turn(alert), subject, gist_of(alert), silenced)

    def on_delivery(self, report: Report) -> None:
        """Log the outcome: what is lost as an error, what is late as a warning."""
        subject, to = _subject(report), report.destination
        match report.outcome:
            case Outcome.DELIVERED:
                _log.info("delivered %s to %s in %.1f s", subject, to, report.latency_s)
            case Outcome.RETRYING:
                text = "not delivered yet: %s to %s: %s; attempt %d in %.1f s"
                attempt = report.attempt + 1
                # The first, second, fourth, eighth ...: a service that is down all night is not a
                # flood of lines.
                level = logging.DEBUG if report.attempt & report.attempt - 1 else logging.WARNING
                _log.log(level, text, subject, to, report.reason, attempt, report.retry_in_s)
            case Outcome.UNDELIVERED:
                _log.error("NOT DELIVERED: %s to %s: %s", subject, to, report.reason)
            case Outcome.PASSED_ON:
                self._passed_on[report.key] += 1
                count = self._passed_on[report.key]
                level = logging.WARNING if _is_round(count) else logging.DEBUG
                text = "passed on to `%s` (%d so far): %s, which was for %s: %s"
                _log.log(level, text, report.passed_to, count, subject, to, report.reason)
            case Outcome.LEFT:
                # The account at the end counts them.
                _log.debug("left for the next start: %s to %s", subject, to)

    def on_fault(self, fault: Fault) -> None:
        """Log that a destination fails, once, and that it works again, or is not used any more."""
        if not fault.is_open:
            del self._passed_on[fault.key]
        if fault.is_gone:
            lasted = duration(fault.failing_for_s)
            _log.warning("%s is not used any more, after it failed for %s", fault.label, lasted)
        elif not fault.is_open:
            _log.warning("%s works again, after %s", fault.label, duration(fault.failing_for_s))
        else:
            deed = "refuses what it is sent" if fault.is_refused else "fails"
            _log.error("%s %s: %s", fault.label, deed, fault.reason)

    def on_journal(self, event: JournalEvent) -> None:
        """Log that it cannot be written, ever more rarely, and that it can again."""
        match event:
            case Failing(reason, failures, lasts):
                level = logging.DEBUG if failures & failures - 1 else logging.ERROR
                so = "; alerts are sent all the same" if lasts else ""
                _log.log(level, "the journal cannot be written: %s%s", reason, so)
            case Recovered() | Opened():
                _log.warning("the journal is written again")
            case Unsaved(alerts):
                text = "LOST: %s: the journal could not be written, and they were not sent yet: %s"
                named = ", ".join(map(str, alerts))
                _log.critical(text, counted(len(alerts), "alert"), named)
            case BegunAnew():
                _log.error(begun_anew_in_words(event))

    def on_recording(self, event: RecordingEvent) -> None:
        """Log each file, that there can be none, ever more rarely, and that there can be again."""
        match event:
            case Recorded():
                _log.info("%s", event)
            case Unrecorded(_, _, failures):
                level = logging.DEBUG if failures & failures - 1 else logging.ERROR
                _log.log(level, "%s", event)
            case RecordingGoesOn() | RecordingEnds():
                _log.warning("%s", event)

    def on_disk(self, event: DiskEvent) -> None:
        """Log it."""
        _log.warning("%s", event)

    def on_beat(self, beat: Beat) -> None:
        """Log it."""
        _log.log(logging.INFO if beat.pulse is Pulse.HEARD else logging.WARNING, "%s", beat)

    def on_reload(self, outcome: Reload) -> None:
        """Log it, with a line for each mistake and each note."""
        if outcome.ok:
            _log.info(outcome.summary)
        else:
            _log.error(outcome.summary)
        for mistake in outcome.mistakes:
            _log.error(mistake)
        for note in outcome.notes:
            _log.warning(note)


def _named(symbols: tuple[str, ...]) -> str:
    """Name symbols so that a line stays a line."""
    if len(symbols) <= _FEW:
        return ", ".join(symbols)
    return f"{len(symbols)} symbols ({', '.join(symbols[:_FEW])}, ...)"


def _moment(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def _turn(alert: Alert) -> str:
    if alert.state is AlertState.RESOLVED:
        return "over"
    return f"alert again ({alert.repeats})" if alert.repeats else "alert"


def _subject(report: Report) -> str:
    """Name what was sent, or what a digest has in it."""
    message, count = report.message, len(report.deliveries)
    if count > 1:
        return f"a digest of {count} alerts"
    return f"{message.number}: {message.rule} {message.symbol}".rstrip()


def _is_round(count: int) -> bool:
    """Whether it is 1, 10, 100, ...: a stream of garbage must not become a stream of log lines."""
    return str(count).strip("0") == "1"


def log_listing(event: ListingEvent) -> None:
    """Log what keeps the list of symbols from being refreshed."""
    _log.warning(event_in_words(event))
