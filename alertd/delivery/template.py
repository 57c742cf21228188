"""A rule's own `title` and `message`: tried when the rules are loaded, rendered when it fires."""

import traceback

import jinja2

from alertd.delivery.facts import facts_of
from alertd.delivery.language import MAX_LENGTH, Compiled, TemplateMistake, compile_template
from alertd.engine.alert import Alert
from alertd.engine.rule import Rule
from alertd.engine.samples import sample_alerts

_SOME_NUMBER = 1234


class Trial:
    """What a rule's templates are tried on: an alert of each kind that it may give."""

    def __init__(self, rule: Rule) -> None:
        self._facts = [facts_of(alert, _SOME_NUMBER) for alert in sample_alerts(rule)]

    def check(self, text: str) -> None:
        """Compile a `title` or `message` and render it for each of the alerts.

        Raises `TemplateMistake`, with the line inside the template, for what would fail.
        """
        template = compile_template(text)
        for facts in self._facts:
            _render(template, facts)


def render(text: str, alert: Alert, number: int = 0) -> str:
    """Return the template's text for the alert of that number, without space around it.

    Raises `TemplateMistake` where it does not compile, or fails on the facts of this alert.
    """
    return _render(compile_template(text), facts_of(alert, number))


# All that an expression of numbers, texts and times can raise when it is evaluated.
_FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AssertionError,  # what Jinja2's own filters make of an argument that is out of range
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _render(template: Compiled, facts: dict[str, object]) -> str:
    try:
        rendered = template.render(facts).strip()
        rendered.encode()  # half a character, `\ud83d`, could not be sent
    except _FAILURES as error:
        raise TemplateMistake(_in_words(error), _line_of(error)) from None
    if not rendered:
        raise TemplateMistake("renders to nothing", 1)
    if len(rendered) > MAX_LENGTH:
        text = f"renders to {len(rendered)} characters; {MAX_LENGTH} are the most"
        raise TemplateMistake(text, 1)
    return rendered


def _in_words(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "it divides by zero"
    return str(error).rstrip(".") or type(error).__name__


def _line_of(error: BaseException) -> int:
    # Jinja2 rewrites the traceback so that its own frames stand in the template.
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
    return (lines[-1] if lines else None) or 1
