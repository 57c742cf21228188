"""How every rule stands over all its symbols: looked at in slices, beside which tickers are read.

A look at 100 rules on 573 symbols takes a second or two of the processor. So it is made when somebody
asks, once for all who ask at the same time, and kept for as long as makes it a small part of what the
process does: a second for a handful of rules, a minute for tens of thousands of pairs.
"""

import attrs
import trio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alertd.engine.condition import is_event
from alertd.engine.explanation import Glance
from alertd.engine.life import Phase
from alertd.engine.rule import Rule
from alertd.engine.words import in_words
from alertd.web.hurdle import Hurdle, hurdle_of
from alertd.web.operations import Operations
from alertd.web.requests import answer, expect
from alertd.web.silence_views import now_ms
from alertd.web.status_answers import Nearest, RuleStanding, RuleStandings
from alertd.web.views import hurdle_answer

_MOST_NAMED = 20
_FRESH_S = 1.0
# At most a twentieth of a processor.
_PAUSE_FOR_LOOK = 20


def rule_routes(operations: Operations) -> list[Route]:
    """Return the routes of what is asked about all rules together."""
    return [Route("/api/rules", RuleBoard(operations).rules)]


class RuleBoard:
    """The endpoint, and what it knows from its last look."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._look = trio.Lock()
        self._found: RuleStandings | None = None
        self._fresh_until_s = 0.0

    async def rules(self, request: Request) -> Response:
        """Answer how every rule stands."""
        expect(request, self._operations.config_file)
        return answer(await self.standings())

    async def standings(self) -> RuleStandings:
        """Return how every rule stands, or stood a moment ago."""
        async with self._look:
            if self._found is None or trio.current_time() >= self._fresh_until_s:
                began_s = trio.current_time()
                self._found = await look(self._operations)
                took_s = trio.current_time() - began_s
                self._fresh_until_s = began_s + max(_FRESH_S, _PAUSE_FOR_LOOK * took_s)
            return self._found


async def look(operations: Operations) -> RuleStandings:
    """Return how every rule stands now, and let tickers be read in between."""
    time_ms, rules = now_ms(), operations.rules
    gathered = {rule.name: _Gathered() for rule in rules}
    for symbol in operations.symbols:
        first = 0
        while glances := operations.glances(symbol, first):
            for glance in glances:
                # A reload may come in between.
                if glance.rule.name in gathered:
                    gathered[glance.rule.name].take(symbol, glance)
            first += len(glances)
            await trio.lowlevel.checkpoint()
    found = [_standing(rule, gathered[rule.name]) for rule in rules]
    return RuleStandings(time_ms=time_ms, rules=tuple(sorted(found, key=_nearness)))


@attrs.define
class _Gathered:
    """What is known of a rule, symbol after symbol."""

    symbols: int = 0
    unknown: int = 0
    firing: list[str] = attrs.field(factory=list)
    pending: list[str] = attrs.field(factory=list)
    last_alert_ms: int | None = None
    nearest: tuple[Hurdle, str, float] | None = None

    def take(self, symbol: str, glance: Glance) -> None:
        self.symbols += 1
        if glance.phase is Phase.FIRING:
            self.firing.append(symbol)
        elif glance.phase is Phase.PENDING:
            self.pending.append(symbol)
        if glance.last_alert_ms is not None:
            self.last_alert_ms = max(self.last_alert_ms or 0, glance.last_alert_ms)
        if glance.condition is None or glance.ticker is None:
            self.unknown += 1
        elif not glance.condition.true:
            hurdle = hurdle_of(glance.condition)
            if hurdle and (self.nearest is None or hurdle.percent < self.nearest[0].percent):
                self.nearest = (hurdle, symbol, glance.ticker.close)


def _standing(rule: Rule, gathered: _Gathered) -> RuleStanding:
    return RuleStanding(
        rule=rule.name,
        when=in_words(rule.when),
        severity=rule.severity.value,
        enabled=rule.enabled,
        event=is_event(rule.when),
        symbols=gathered.symbols,
        unknown=gathered.unknown,
        firing=len(gathered.firing),
        firing_symbols=tuple(gathered.firing[:_MOST_NAMED]),
        pending=len(gathered.pending),
        pending_symbols=tuple(gathered.pending[:_MOST_NAMED]),
        nearest=_nearest(gathered),
        last_alert_ms=gathered.last_alert_ms,
    )


def _nearest(gathered: _Gathered) -> Nearest | None:
    if gathered.nearest is None:
        return None
    hurdle, symbol, close = gathered.nearest
    told = hurdle_answer(hurdle)
    return None if told is None else Nearest(symbol=symbol, close=close, hurdle=told)


def _nearness(standing: RuleStanding) -> tuple[bool, bool, bool, float]:
    percent = standing.nearest.hurdle.percent if standing.nearest else float("inf")
    return not standing.enabled, not standing.firing, not standing.pending, percent
