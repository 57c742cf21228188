"""A rule's own `title` and `message`: tried when the rules are loaded, rendered when it fires."""

import traceback

import jinja2

from alertd.delivery.facts import facts_of, sample_facts
from alertd.delivery.language import TemplateMistake, compile_template
from alertd.engine.alert import Alert
from alertd.engine.rule import Rule


def check_template(text: str, rule: Rule) -> None:
    """Compile a `title` or `message` and render it once, for an alert that its rule might give.

    Raises `TemplateMistake`, with the line inside the template, for what would fail.
    """
    _render(text, sample_facts(rule))


def render(text: str, alert: Alert) -> str:
    """Return the template's text for the alert, without space around it.

    Raises `TemplateMistake` where it does not compile, or fails on the facts of this alert.
    """
    return _render(text, facts_of(alert))


# All that an expression of numbers, texts and times can raise when it is evaluated.
_FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def _render(text: str, facts: dict[str, object]) -> str:
    template = compile_template(text)
    try:
        rendered = template.render(facts).strip()
    except _FAILURES as error:
        words = str(error).rstrip(".") or type(error).__name__
        raise TemplateMistake(words, _line_of(error)) from None
    if not rendered:
        raise TemplateMistake("renders to nothing", 1)
    return rendered


def _line_of(error: BaseException) -> int:
    # Jinja2 rewrites the traceback so that its own frames stand in the template.
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
    return (lines[-1] if lines else None) or 1
