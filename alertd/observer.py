"""Those who are told what the daemon sees and does: the log, and the tally behind its status."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from alertd.config.listed import event_in_words
from alertd.delivery.message import Message
from alertd.delivery.report import Outcome, Report
from alertd.delivery.wording import gist_of
from alertd.engine.alert import Alert, AlertState
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
from alertd.market.ticker import Ticker
from alertd.web.operations import Reload

_log = logging.getLogger("alertd")

_FEW = 3


class Observer:
    """Is told of everything, and told nothing by default. Its methods must return at once."""

    def on_ticker(self, ticker: Ticker) -> None:
        """Take a ticker that is about to be evaluated."""

    def on_feed(self, event: FeedEvent) -> None:
        """Take what happened to symbols' streams."""

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        """Take which symbols are watched from now on, and which no more, as they trade or not."""

    def on_alert(self, alert: Alert) -> None:
        """Take an alert whose deliveries are on their way."""

    def on_delivery(self, report: Report) -> None:
        """Take what became of a delivery: made, to be tried again, given up."""

    def on_reload(self, outcome: Reload) -> None:
        """Take what came of a reload."""


class LogObserver(Observer):
    """Writes what matters to the log: a line an event, and repeated noise ever more rarely."""

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
                _log.log(level, text, named(event.symbols), event.fault, attempt, event.retry_in_s)
            case Quiet():
                text = "%s: silent for %.0f s on a connection that is well; %s"
                _log.info(text, named(event.symbols), event.silent_s, event.likely)
            case TurnedBack():
                text = "%s: the market's time went back, from %s to %s; its rules begin anew"
                _log.warning(text, event.symbol, _moment(event.from_ms), _moment(event.to_ms))
            case Renewed():
                _log.info("%s: a new connection took over", named(event.symbols))
            case BadFrame() if _is_round(event.count):
                text = "%s: a bad frame was skipped (%d so far): %s"
                _log.warning(text, named(event.symbols), event.count, event.reason)
            case LateTicker() if _is_round(event.count):
                text = "%s: a late ticker was dropped (%d so far)"
                _log.debug(text, event.symbol, event.count)

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        """Log both."""
        if begun:
            _log.info("%s: began to trade, and is watched", named(begun))
        if ended:
            _log.warning("%s: trades no more, and is no longer watched", named(ended))

    def on_alert(self, alert: Alert) -> None:
        """Log the alert with what made it, in the words in which people are told."""
        _log.info("%s %s %s: %s", _turn(alert), alert.rule.name, alert.symbol, gist_of(alert))

    def on_delivery(self, report: Report) -> None:
        """Log the outcome: what is lost as an error, what is late as a warning."""
        subject = _subject(report.message)
        match report.outcome:
            case Outcome.DELIVERED:
                text = "delivered %s to %s in %.1f s"
                _log.info(text, subject, report.destination, report.latency_s)
            case Outcome.RETRYING:
                text = "not delivered yet: %s to %s: %s; attempt %d in %.1f s"
                attempt = report.attempt + 1
                _log.warning(
                    text, subject, report.destination, report.reason, attempt, report.retry_in_s
                )
            case Outcome.UNDELIVERED:
                _log.error(
                    "NOT DELIVERED: %s to %s: %s", subject, report.destination, report.reason
                )

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


def named(symbols: tuple[str, ...]) -> str:
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


def _subject(message: Message) -> str:
    return f"{message.rule} {message.symbol}"


def _is_round(count: int) -> bool:
    """Whether it is 1, 10, 100, ...: a stream of garbage must not become a stream of log lines."""
    return str(count).strip("0") == "1"


def log_listing(event: ListingEvent) -> None:
    """Log what keeps the list of symbols from being refreshed."""
    _log.warning(event_in_words(event))


class Tally(Observer):
    """Counts, for the status line and for the end's account."""

    def __init__(self) -> None:
        self.streaming: set[str] = set()
        self.tickers = 0
        self.likely = ""
        self.refusal: Reload | None = None
        self.bad_frames = 0
        self.late = 0
        self.alerts = 0
        self.delivered = 0
        self.undelivered = 0

    def on_ticker(self, ticker: Ticker) -> None:  # noqa: ARG002 - one is one
        """Count it."""
        self.tickers += 1

    def on_feed(self, event: FeedEvent) -> None:
        """Keep which symbols are seen."""
        match event:
            case Streaming():
                self.streaming.add(event.symbol)
            case Disconnected():
                self.streaming.difference_update(event.symbols)
                self.likely = str(event.fault)
            case Quiet():
                self.streaming.difference_update(event.symbols)
                self.likely = event.likely
            case LateTicker():
                self.late += 1
            case BadFrame():
                self.bad_frames += 1

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:  # noqa: ARG002 - they stream when they do
        """Forget those that ended."""
        self.forget(ended)

    def on_alert(self, alert: Alert) -> None:  # noqa: ARG002 - one is one
        """Count it."""
        self.alerts += 1

    def on_delivery(self, report: Report) -> None:
        """Count the last word on each delivery."""
        self.delivered += report.outcome is Outcome.DELIVERED
        self.undelivered += report.outcome is Outcome.UNDELIVERED

    def on_reload(self, outcome: Reload) -> None:
        """Keep why the last one was refused, until one is not."""
        self.refusal = None if outcome.ok else outcome

    def forget(self, symbols: Iterable[str]) -> None:
        """Take note that these are no longer watched."""
        self.streaming.difference_update(symbols)
