"""Silences as the control room's answers, and which one covers what."""

import time
from collections.abc import Iterable

from alertd.engine.rule import Rule
from alertd.engine.silence import Silence
from alertd.web import answers


def silence_answer(
    silence: Silence, *, now_ms: int, silenced: int | None = None
) -> answers.Silence:
    """Return a silence as it is at a time, with how many alerts it swallowed."""
    return answers.Silence(
        number=silence.number,
        rule=silence.rule,
        symbol=silence.symbol,
        severity=silence.severity.value if silence.severity else None,
        until_ms=silence.until_ms,
        comment=silence.comment,
        made_ms=silence.made_ms,
        ended_ms=silence.ended_ms,
        in_force=silence.is_in_force(now_ms),
        silenced=silenced,
    )


def silence_over(
    silences: Iterable[Silence], rule: Rule, symbol: str, *, now_ms: int
) -> answers.Silence | None:
    """Return the silence that keeps a rule's alerts of a symbol from people for longest."""
    found = [
        silence
        for silence in silences
        if silence.is_in_force(now_ms) and silence.is_about(rule.name, symbol, rule.severity)
    ]
    longest = max(found, key=lambda silence: silence.until_ms, default=None)
    return None if longest is None else silence_answer(longest, now_ms=now_ms)


def now_ms() -> int:
    """Return the machine's time, by which silences go."""
    return time.time_ns() // 1_000_000
