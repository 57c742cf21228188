"""What the log says of alerts and of their way to people."""

import logging

from alertd.delivery.numbers import duration
from alertd.delivery.report import Fault, Outcome, Report
from alertd.delivery.wording import gist_of
from alertd.engine.alert import Alert, AlertState
from alertd.observers.line import Fields, Line
from alertd.observers.observer import Noted


def alert_line(noted: Noted) -> Line:
    """Say what made an alert, in the words in which people are told."""
    alert, silence = noted.alert, noted.silence
    subject = f"{noted.number}: {alert.rule.name} {alert.symbol}"
    silenced = f" (silenced by {silence.number})" if silence else ""
    fields: Fields = {
        "number": noted.number,
        "rule": alert.rule.name,
        "symbol": alert.symbol,
        "severity": alert.rule.severity.value,
        "silence": silence.number if silence else None,
    }
    event = "alert.over" if alert.state is AlertState.RESOLVED else "alert"
    return Line(
        logging.INFO, event, f"{_turn(alert)} {subject}: {gist_of(alert)}{silenced}", fields
    )


def report_line(report: Report) -> Line:
    """Say what became of deliveries: what is lost as an error, what is late as a warning."""
    subject, to, reason = _subject(report), report.destination, report.reason
    match report.outcome:
        case Outcome.DELIVERED:
            text = f"delivered {subject} to {to} in {report.latency_s:.1f} s"
            fields: Fields = {**_fields(report), "latency_s": round(report.latency_s, 3)}
            return Line(logging.INFO, "delivery.made", text, fields)
        case Outcome.RETRYING:
            attempt, in_s = report.attempt + 1, report.retry_in_s
            text = (
                f"not delivered yet: {subject} to {to}: {reason}; attempt {attempt} in {in_s:.1f} s"
            )
            fields = {**_fields(report), "attempt": attempt, "retry_in_s": round(in_s, 1)}
            return Line(logging.WARNING, "delivery.retrying", text, fields)
        case Outcome.UNDELIVERED:
            text = f"NOT DELIVERED: {subject} to {to}: {reason}"
            return Line(logging.ERROR, "delivery.undelivered", text, _fields(report))
        case Outcome.PASSED_ON:
            text = f"passed on to `{report.passed_to}`: {subject}, which was for {to}: {reason}"
            fields = {**_fields(report), "passed_to": report.passed_to}
            return Line(logging.WARNING, "delivery.passed-on", text, fields)
        case Outcome.LEFT:
            # The account at the end counts them.
            text = f"left for the next start: {subject} to {to}"
            return Line(logging.DEBUG, "delivery.left", text, _fields(report))


def fault_line(fault: Fault) -> Line:
    """Say that a destination fails, that it works again, or is not used any more."""
    fields: Fields = {
        "destination": fault.label,
        "channel": fault.channel,
        "reason": fault.reason,
        "lasted_s": round(fault.failing_for_s, 1),
    }
    if fault.is_open:
        deed = "refuses what it is sent" if fault.is_refused else "fails"
        event = "destination.refusing" if fault.is_refused else "destination.failing"
        return Line(logging.ERROR, event, f"{fault.label} {deed}: {fault.reason}", fields)
    lasted = duration(fault.failing_for_s)
    if fault.is_gone:
        text = f"{fault.label} is not used any more, after it failed for {lasted}"
        return Line(logging.WARNING, "destination.gone", text, fields)
    text = f"{fault.label} works again, after {lasted}"
    return Line(logging.WARNING, "destination.well", text, fields)


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


def _fields(report: Report) -> Fields:
    """Return what a report is about: an alert's own fields, or how many a digest has."""
    about: Fields = {
        "destination": report.destination,
        "reason": report.reason or None,
        "attempt": report.attempt,
    }
    if len(report.deliveries) > 1:
        return {**about, "numbers": tuple(it.message.number for it in report.deliveries)}
    message = report.message
    return {
        **about,
        "number": message.number,
        "rule": message.rule or None,
        "symbol": message.symbol or None,
    }
