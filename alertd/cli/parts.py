"""A condition as a tree on a terminal: each part with its truth, since when, and how far it is."""

from rich.text import Text
from rich.tree import Tree

from alertd.cli.figures import Figures, lasted, moment
from alertd.web.answers import Range
from alertd.web.explain_answers import Part, Reading

_NAMES = {"all": "all of", "any": "any of", "not": "not"}
# What they compare is how far the value has moved, either way.
MOVES = ("rises", "falls", "moves")
# Of a record that was not broken, how it stands to the one before.
_RECORDS = {"new_high": ", as high as before", "new_low": ", as low as before"}
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}


def condition_tree(part: Part, figures: Figures, now_ms: int) -> Tree:
    """Return the condition; its times are those of tickers, in UTC."""
    tree = Tree(_node(part, figures, now_ms), guide_style="dim")
    for below in part.parts:
        tree.add(condition_tree(below, figures, now_ms))
    return tree


def _node(part: Part, figures: Figures, now_ms: int) -> Text:
    mark, style = _MARKS[part.true]
    if part.reading is None:
        since = Text(_since(part, now_ms), "dim")
        return Text.assemble((mark, style), f" {_NAMES[part.kind]}: ", since)
    distance = _distance(part, part.reading, figures)
    value = figures.value(part.reading.value, part.reading.unit)
    detail = f"\n  now {value}{distance}\n  {_since(part, now_ms)}"
    return Text.assemble((mark, style), f" {part.reading.comparison}", (detail, "dim"))


def _since(part: Part, now_ms: int) -> str:
    if part.true is None:
        return "cannot be told yet" if part.event else "cannot be told: undefined"
    if part.event:
        if part.since_ms is None:
            return "has not happened"
        if part.true:
            return "happens now"
        return f"last happened {moment(part.since_ms, now_ms)} ({_ago(part.since_ms, now_ms)})"
    truth = "true" if part.true else "false"
    if part.since_ms is None:
        return truth
    return f"{truth} since {moment(part.since_ms, now_ms)} ({lasted(now_ms - part.since_ms)})"


def _ago(time_ms: int, now_ms: int) -> str:
    return f"{lasted(now_ms - time_ms)} before"


def _distance(part: Part, reading: Reading, figures: Figures) -> str:
    if part.distance is None:
        waits = reading.operator in _RECORDS and reading.value is not None
        return ", nothing to compare with yet" if waits else ""
    if reading.back is not None and not (part.event and part.true):
        return f", {_way_back(part, reading, figures)}"
    if part.distance == 0:
        return _RECORDS.get(reading.operator, ", exactly there")
    distance = figures.distance(reading, part.distance, part.distance_percent)
    if part.true:
        threshold = figures.value(reading.threshold, reading.unit)
        inside = isinstance(reading.threshold, Range)
        return f", {distance} {'from a bound of' if inside else 'beyond'} {threshold}"
    if reading.operator in MOVES:
        return f", {distance} short"
    # A level of the rule's own stands in its words; another metric's, or a rung, does not.
    level = (reading.value or 0.0) + part.distance
    to = "" if reading.fixed else f" to {figures.value(level, reading.unit)}"
    return f", has to {'rise' if part.distance > 0 else 'fall'} {distance}{to}"


def _way_back(part: Part, reading: Reading, figures: Figures) -> str:
    """Say what a level waits for that only its `rearm` keeps true, or an event that is not ready."""
    way = figures.value(reading.back, reading.unit)
    match reading.back:
        case Range() if not part.event:
            return f"not {'out of' if reading.operator == 'between' else 'back in'} {way} yet"
        case Range() if reading.operator == "leaves":
            return f"not ready before it is within {way}"
        case Range(low=low, high=high):
            ends = (figures.value(low, reading.unit), figures.value(high, reading.unit))
            return f"not ready before {ends[0]} or less, or {ends[1]} or more"
        case _ if part.event:
            side = "less" if reading.operator == "crosses_above" else "more"
            return f"not ready before {way} or {side}"
        case _:
            return f"not back at {way} yet"


def compared(reading: Reading, figures: Figures) -> str:
    """Return a comparison with what it saw, in a line."""
    return f"{reading.comparison} (at {figures.value(reading.value, reading.unit)})"
