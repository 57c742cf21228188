"""The built-in title and text of an alert, made for the width of a phone (about 40 characters)."""

from alertd.delivery import numbers
from alertd.delivery.account import Account
from alertd.delivery.facts import moment
from alertd.delivery.figures import Figures, percent
from alertd.delivery.reasons import reasons_of
from alertd.engine.alert import Alert, AlertState
from alertd.engine.metrics import METRICS
from alertd.engine.rule import Severity


def title_of(alert: Alert) -> str:
    """Return what happened in one line: at most about 60 characters."""
    accounts = _accounts(alert)
    events = (account for account in accounts if account.test.operator.is_event)
    words = f"{alert.symbol} {next(events, accounts[0]).title()}"
    if alert.state is AlertState.RESOLVED:
        return f"Over: {words}"
    return f"Still: {words}" if alert.repeats else words


def text_of(alert: Alert) -> str:
    """Return a line for each reason, then the market's last 24 hours, the rule and the time."""
    return "\n".join([*_lines(alert), *_circumstances(alert), *_context(alert), *_origin(alert)])


def _accounts(alert: Alert) -> list[Account]:
    figures = Figures.of(alert)
    return [Account(reason, alert, figures) for reason in reasons_of(alert)]


def _lines(alert: Alert) -> list[str]:
    is_repeat = alert.repeats and alert.state is AlertState.FIRING
    return [
        f"{account.line()}{account.rearm() if is_repeat else ''}" for account in _accounts(alert)
    ]


def _circumstances(alert: Alert) -> list[str]:
    """Say for how long, and what was not seen or not said before."""
    lines = []
    held = numbers.duration(alert.held_for_ms / 1000)
    if alert.state is AlertState.RESOLVED:
        lines.append(f"Lasted {held}")
    elif alert.repeats:
        lines.append(f"Since {_since(alert)} ({held}), repeat {alert.repeats}")
    elif alert.rule.hold_for_ms:
        lines.append(f"Held for {held}")
    if alert.dropped:
        were = "event was" if alert.dropped == 1 else "events were"
        lines.append(f"{alert.dropped} earlier {were} not alerted")
    if alert.gap_ms:
        lines.append(f"After {numbers.duration(alert.gap_ms / 1000)} without data")
    return lines


def _since(alert: Alert) -> str:
    """Return when it began; the day only where that is another one."""
    now, then = moment(alert.time_ms), moment(alert.time_ms - alert.held_for_ms)
    return f"{then:%H:%M:%S}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M:%S}"


def _context(alert: Alert) -> list[str]:
    ticker = alert.ticker
    change = METRICS["change_percent"].of(ticker) or 0.0
    volume = Figures.of(alert).amount(METRICS["quote_volume"], ticker.quote_volume)
    low, high = numbers.plain(ticker.low), numbers.plain(ticker.high)
    return [
        f"24h {'+' if change > 0 else ''}{percent(change)}, {low} to {high}",
        f"24h volume {volume}",
    ]


def _origin(alert: Alert) -> list[str]:
    severity = alert.rule.severity
    suffix = "" if severity is Severity.INFO else f" ({severity.value})"
    return [f"Rule {alert.rule.name}{suffix}", f"{moment(alert.time_ms):%Y-%m-%d %H:%M:%S} UTC"]
