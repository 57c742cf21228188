"""The language of `title` and `message`: Jinja2, cut down until a template can do no harm.

A template is an expression of the alert's facts: `{{ ... }}`, `{% if %}`, some filters. It has no
loops, no `set`, no macros and no function that makes text longer than its arguments say, so what it
costs is bounded by its own length: nothing that a person puts in a rule can hang the daemon or eat
its memory. There would be nothing to loop over; every fact is a number, a text or a time.

Autoescape is off: the text is plain text. Each service's plug-in escapes for its own markup, and
only it knows which.
"""

import difflib
import functools
import itertools
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import attrs
import jinja2
from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from alertd.delivery.facts import NAMES
from alertd.delivery.filters import FILTERS, require_number, written
from alertd.engine.alert import Interval

MAX_LENGTH = 10_000
_LONGEST_MISTAKE = 200


class TemplateMistake(ValueError):  # noqa: N818 - it says whose fault it is
    """The rule's mistake: a template that cannot be used. `line` counts from its first, 1."""

    def __init__(self, message: str, line: int) -> None:
        is_long = len(message) > _LONGEST_MISTAKE  # it may quote the template
        super().__init__(f"{message[:_LONGEST_MISTAKE]}…" if is_long else message)
        self.line = line


@attrs.frozen
class Compiled:
    """A template that is ready to be rendered: what it evaluates, and the words around that."""

    _shape: jinja2.Template
    _words: dict[str, str]

    def render(self, facts: Mapping[str, object]) -> str:
        """Return the text for the facts of an alert. Raises what evaluating them raises."""
        return self._shape.render({**facts, **self._words})


@functools.lru_cache(maxsize=1024)
def compile_template(text: str) -> Compiled:
    """Return the compiled template. Raises `TemplateMistake` for what is not of the language.

    Thousands of rules share the text of their defaults: what was compiled is kept. A thousand levels
    with a note each have a thousand templates that differ in their words alone. Compiling one takes
    0.4 ms, so it is done once for all that evaluate the same at the same lines.
    """
    if len(text) > MAX_LENGTH:
        raise TemplateMistake(f"{len(text)} characters; {MAX_LENGTH} are the most", 1)
    try:
        tokens = list(_LANGUAGE.lex(text))
        words = [value for _, kind, value in tokens if kind == _WORDS and value]
        compiled = _compile_shape(_Shape(text, tuple(map(_without_words, tokens))))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateMistake((error.message or "syntax error").rstrip("."), error.lineno) from None
    except SyntaxError as error:
        # Python's parser reads what Jinja2 makes of the template.
        raise TemplateMistake(error.msg, 1) from None
    except (RecursionError, MemoryError):
        raise TemplateMistake("nested too deeply", 1) from None
    return Compiled(compiled, {_name_of_words(index): it for index, it in enumerate(words)})


_Token = tuple[int, str, str]  # its line, its kind, its text
_WORDS = "data"  # Jinja2's kind for what is not evaluated


@attrs.frozen
class _Shape:
    """All templates with the same tokens but for their words; `text` is one of them."""

    text: str = attrs.field(eq=False)
    tokens: tuple[_Token, ...]


def _without_words(token: _Token) -> _Token:
    line, kind, value = token
    return (line, kind, "…" if value else "") if kind == _WORDS else token


def _name_of_words(index: int) -> str:
    """Return under which name words are handed to a shape; no template may use it, see `_vet`."""
    return f"words_{index}"


@functools.lru_cache(maxsize=1024)
def _compile_shape(shape: _Shape) -> jinja2.Template:
    tree = _parse(shape.text)
    _vet(tree)
    return _LANGUAGE.from_string(_WordsByName().visit(tree))


class _WordsByName(NodeTransformer):
    """Puts names in the place of words, in the order in which they stand."""

    def __init__(self) -> None:
        self._names = map(_name_of_words, itertools.count())

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Name:  # noqa: N802 - Jinja2's
        return nodes.Name(next(self._names), "load", lineno=node.lineno)


def _parse(text: str) -> nodes.Template:
    try:
        return _LANGUAGE.parse(text)
    except ValueError:
        # Python reads no integer of more than 4,300 digits.
        raise TemplateMistake("a number in it has too many digits", 1) from None


_JINJA_FILTERS = (
    *("abs", "capitalize", "default", "float", "int", "length"),
    *("lower", "title", "trim", "truncate", "upper"),
)
_KNOWN_FILTERS = (*FILTERS, *_JINJA_FILTERS)
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr),
    *(nodes.Name, nodes.Literal, nodes.BinExpr, nodes.UnaryExpr, nodes.Concat),
    *(nodes.Compare, nodes.Operand, nodes.Filter, nodes.Test, nodes.Keyword),
    *(nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call),
)
# What people call them elsewhere, and in TradingView (docs/tradingview.md).
_OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ticker": "symbol",
        "pair": "symbol",
        "name": "rule",
        "alert": "rule",
        "price": "close",
        "last": "close",
        "level": "threshold",
        "target": "threshold",
        "timenow": "time",
        "now": "time",
        "date": "time",
    }
)
_STATEMENTS: Mapping[type[nodes.Node], str] = MappingProxyType(
    {
        nodes.Assign: "set",
        nodes.AssignBlock: "set",
        nodes.CallBlock: "call",
        nodes.FilterBlock: "filter",
        nodes.FromImport: "from",
    }
)


def _vet(tree: nodes.Template) -> None:
    """Refuse what is not of the language, even in a branch that no trial would take."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            what = _STATEMENTS.get(type(node), type(node).__name__.lower())
            raise TemplateMistake(f"{what!r} is not for templates of alerts", node.lineno)
        match node:
            case nodes.Name(name=name) if name not in NAMES:
                suggestion = _suggest(_OTHER_NAMES.get(name, name), NAMES)
                raise TemplateMistake(f"unknown name {name!r}{suggestion}", node.lineno)
            case nodes.Const(value=float(value)) if math.isinf(value):
                raise TemplateMistake("a number in it is too large", node.lineno)
            case nodes.Getitem(node=nodes.Const(value=value)):
                raise TemplateMistake(f"{value!r} has no parts to take", node.lineno)
            case nodes.Filter(name=name) if name not in _KNOWN_FILTERS:
                suggestion = _suggest(name, _KNOWN_FILTERS)
                raise TemplateMistake(f"unknown filter {name!r}{suggestion}", node.lineno)


def _suggest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


class _Undefined(jinja2.StrictUndefined):
    """What is not there, in the words of who wrote the template."""

    _KINDS: Mapping[type, str] = MappingProxyType(
        {float: "a number", int: "a number", str: "a text", datetime: "a time", Interval: "a band"}
    )

    @property
    def _undefined_message(self) -> str:
        what = self._KINDS.get(type(self._undefined_obj), "what is not there")
        return f"{what} has no {self._undefined_name!r}"


class _Language(ImmutableSandboxedEnvironment):
    """Numbers are multiplied, texts are not; of a value's methods only harmless ones remain."""

    intercepted_binops = frozenset({"*", "**", "%"})
    _ATTRIBUTES: Mapping[type, frozenset[str]] = MappingProxyType(
        {
            str: frozenset({"startswith", "endswith", "removeprefix", "removesuffix"}),
            Interval: frozenset({"low", "high"}),
            datetime: frozenset(
                {
                    *("year", "month", "day", "hour", "minute", "second", "weekday", "isoweekday"),
                    *("strftime", "isoformat", "timestamp", "astimezone"),
                }
            ),
        }
    )

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate `left operator right`, where both have to be numbers."""
        left, right = (require_number(operand, repr(operator)) for operand in (left, right))
        if operator == "**":
            left = float(left)  # which overflows where an int would grow for hours
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 - Jinja2's
        """Tell whether a template may look at this attribute."""
        return attr in self._ATTRIBUTES.get(type(obj), ())

    def wrap_str_format(self, value: Any) -> None:
        """Offer no `str.format`: its widths make a gigabyte out of a few characters."""


def _language() -> _Language:
    language = _Language(
        autoescape=False,
        optimized=False,  # it writes 1e308 * 10 into the code as `inf`, which Python does not know
        undefined=_Undefined,
        finalize=written,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    language.filters = {name: language.filters[name] for name in _JINJA_FILTERS} | dict(FILTERS)
    return language


_LANGUAGE = _language()
