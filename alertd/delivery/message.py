"""An alert as it is sent: its title and text, frozen at the moment when it was submitted."""

import attrs

from alertd.delivery import wording
from alertd.delivery.language import TemplateMistake
from alertd.delivery.template import render
from alertd.engine.alert import Alert
from alertd.engine.rule import Severity
from alertd.engine.sketch import Sketch, sketch_of

_LONGEST_TITLE = 200  # most services take 250 characters and cut the rest


@attrs.frozen(kw_only=True)
class Message:
    """What every destination of an alert is sent. `time_ms` is the alert's event time.

    `number` is the alert's, by which a message that comes twice is known; 0 is none. `sketch` is
    what stands beside the price in its picture, None where it has none.
    """

    title: str
    body: str
    severity: Severity
    rule: str
    symbol: str
    time_ms: int
    number: int = 0
    sketch: Sketch | None = None


def compose(alert: Alert, number: int = 0, *, is_drawn: bool = False) -> Message:
    """Return the message of the alert of that number; with what its picture shows if it `is_drawn`.

    It is by the rule's own templates, else the built-in one. A template never swallows an alert:
    where one fails, the built-in text says so and is sent.
    """
    rule = alert.rule
    title, title_failure = _written("title", rule.title, wording.title_of(alert), alert, number)
    text = wording.text_of(alert, number)
    body, body_failure = _written("message", rule.message, text, alert, number)
    failures = [failure for failure in (title_failure, body_failure) if failure]
    return Message(
        title=_one_line(title),
        body="\n".join([body, *failures]),
        severity=rule.severity,
        rule=rule.name,
        symbol=alert.symbol,
        time_ms=alert.time_ms,
        number=number,
        sketch=sketch_of(alert) if is_drawn else None,
    )


def _written(
    key: str, template: str | None, built_in: str, alert: Alert, number: int
) -> tuple[str, str | None]:
    """Return the text and, where its template failed, the line that says so."""
    if template is None:
        return built_in, None
    try:
        return render(template, alert, number), None
    except TemplateMistake as mistake:
        return built_in, f"(the rule's own {key} failed: {mistake}, line {mistake.line})"


def _one_line(title: str) -> str:
    """Keep line breaks out of the title: a mail with one in its subject is refused."""
    words = " ".join(title.split())
    return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1] + "…"
