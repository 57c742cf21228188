"""The built-in title and text of an alert, made for the width of a phone (about 40 characters)."""

from alertd.delivery import numbers
from alertd.delivery.account import Account
from alertd.delivery.facts import moment
from alertd.delivery.figures import Figures, percent
from alertd.delivery.reasons import reasons_of
from alertd.engine.alert import Alert, AlertState
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.rule import Severity


def title_of(alert: Alert) -> str:
    """Return what happened in one line: at most about 60 characters."""
    words = f"{alert.symbol} {_decisive(alert).title()}"
    if alert.state is AlertState.RESOLVED:
        return f"Over: {words}"
    return f"Still: {words}" if alert.repeats else words


def gist_of(alert: Alert) -> str:
    """Return what happened, with the values before and after, in a line for a log."""
    line = _decisive(alert).line()
    return f"{line[0].lower()}{line[1:]}"


def text_of(alert: Alert, number: int = 0) -> str:
    """Return a line for each reason, then the market's last 24 hours, the rule and the time.

    The alert's `number` stands beside the time, if it has one.
    """
    accounts = _accounts(alert)
    lines = _lines(accounts, again=alert.repeats > 0 and alert.state is AlertState.FIRING)
    context = _context(alert, told={account.test.metric for account in accounts})
    return "\n".join([*lines, *_circumstances(alert), *context, *_origin(alert, number)])


def _decisive(alert: Alert) -> Account:
    """Return the account of the first event among the reasons, else of the first of them."""
    accounts = _accounts(alert)
    events = (account for account in accounts if account.test.operator.is_event)
    return next(events, accounts[0])


def _accounts(alert: Alert) -> list[Account]:
    figures = Figures.of(alert)
    return [Account(reason, alert, figures) for reason in reasons_of(alert)]


def _lines(accounts: list[Account], *, again: bool) -> list[str]:
    """Write a line for each account; those of one metric that follow each other share theirs."""
    lines: list[str] = []
    before: Account | None = None
    for account in accounts:
        suffix = account.rearm() if again else ""
        if before is not None and before.is_continued_by(account):
            lines[-1] += f", {account.rest()}{suffix}"
        else:
            lines.append(f"{account.line()}{suffix}")
        before = account
    return lines


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


def _context(alert: Alert, *, told: set[Metric]) -> list[str]:
    """Say how the last 24 hours were, but for what the metrics that were told say already."""
    ticker, quote_volume = alert.ticker, METRICS["quote_volume"]
    change = METRICS["change_percent"].of(ticker) or 0.0
    low, high = numbers.plain(ticker.low), numbers.plain(ticker.high)
    lines = [f"24h {'+' if change > 0 else ''}{percent(change)}, {low} to {high}"]
    if quote_volume not in told:
        volume = Figures.of(alert).amount(quote_volume, ticker.quote_volume)
        lines.append(f"24h volume {volume}")
    return lines


def _origin(alert: Alert, number: int) -> list[str]:
    severity = alert.rule.severity
    suffix = "" if severity is Severity.INFO else f" ({severity.value})"
    which = f"Alert {number}, " if number else ""
    when = f"{moment(alert.time_ms):%Y-%m-%d %H:%M:%S} UTC"
    return [f"Rule {alert.rule.name}{suffix}", f"{which}{when}"]
