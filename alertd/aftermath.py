"""What happened while nobody watched: gaps in symbols' tickers, filled from klines once they are over.

Theory of operation. A symbol that is seen again, after an outage or a restart, is compared with its last ticker before: by more
than two minutes, and there is a gap. Its klines are asked for, beside the feed: what they know goes into the
windows over the close and into pictures, as at the start, and the levels that the price touched and left again are told.
Nothing fires by it. After an outage hundreds of symbols come back within seconds, so they are waited for a moment
and asked for together, those with the longest windows first.

What does not come is asked for again after 10 s, 20 s, 40 s and every minute, what weighs too much for this minute in the next, and given up when
it is ten minutes old: windows have filled by themselves where they are short, and go without where they are not.
"""

import logging
from collections.abc import Callable, Iterable
from typing import NoReturn

import attrs
import trio

from alertd.asking import Asking, OpenKlines
from alertd.config.wording import counted
from alertd.delivery.numbers import duration
from alertd.engine.engine import Engine
from alertd.engine.metrics import CLOSE
from alertd.engine.prices import Prices
from alertd.engine.recent import GAP_MS
from alertd.engine.rule import Rule
from alertd.gap import Findings, Gap
from alertd.logs.fields import about
from alertd.market.ticker import Ticker
from alertd.observers.gaps import GapEvent, GapNoticed, GapsLookedInto

_log = logging.getLogger(__name__)

# The first of many symbols that come back waits so long for the others.
_GATHER_S = 1.0
_ROUND_S = 50.0
# What an address may ask for is counted by the minute.
_NEXT_MINUTE_S = 60.0
# A network that has just come back may not be quite there: the first attempts follow sooner.
_FIRST_AGAIN_S, _LATER_AGAIN_S = 10.0, 60.0
_GIVEN_UP_S = 600.0
# The most that one answer has room for; a gap is looked into for a day at most.
_LONGEST_MS = 1_490 * 60_000


@attrs.frozen
class _Wanted:
    """The klines of a gap: the newest `span_ms` of a symbol."""

    gap: Gap
    span_ms: int

    @property
    def symbol(self) -> str:
        return self.gap.symbol


class Aftermath:
    """Looks into gaps, and tells `report` what it finds.

    The `engine` is told of gaps before it takes their last ticker. Of rules that are `silenced` on a
    symbol nothing is told.
    """

    def __init__(
        self,
        engine: Engine,
        prices: Prices,
        *,
        report: Callable[[GapEvent], None],
        silenced: Callable[[Rule, str], bool],
    ) -> None:
        self._engine = engine
        self._prices = prices
        self._report = report
        self._silenced = silenced
        self._gaps: list[Gap] = []
        self._noticed = trio.Event()
        # Rounds in a row that have left something.
        self._in_vain = 0

    def notice(self, after: Ticker) -> None:
        """Take the first ticker of a symbol since it was not seen, before the engine does; never waits."""
        before = self._engine.newest_of(after.symbol)
        if before is None or after.time_ms - before.time_ms <= GAP_MS:
            return
        self._gaps.append(Gap(before, after, trio.current_time()))
        self._report(GapNoticed(after.symbol))
        self._noticed.set()

    async def run(self, open_klines: OpenKlines) -> NoReturn:
        """Look into gaps as they are noticed, until cancelled."""
        while True:
            await self._noticed.wait()
            await trio.sleep(_GATHER_S)
            self._noticed = trio.Event()
            await trio.sleep(await self._look(open_klines))

    async def _look(self, open_klines: OpenKlines) -> float:
        """Ask for what is to be known of the gaps; return how long not to ask again."""
        gaps, self._gaps = self._gaps, []
        findings = Findings(self._engine, self._prices)
        wanted = [self._wanted(gap) for gap in self._concerned(gaps, findings)]
        asking = Asking(wanted, lambda it, series: findings.take(it.gap, series))
        if wanted:
            began_s = trio.current_time()
            await asking.run(open_klines, within_s=_ROUND_S)
            _tell(asking, trio.current_time() - began_s)
        self._keep(asking.left, findings)
        self._report_on(findings)
        return self._pause_s(asking)

    def _pause_s(self, asking: Asking[_Wanted]) -> float:
        if not asking.left:
            self._in_vain = 0
            return 0.0
        self._noticed.set()
        self._in_vain += 1
        if asking.is_used_up:
            return _NEXT_MINUTE_S
        again_s = min(_FIRST_AGAIN_S * 2.0 ** min(self._in_vain - 1, 8), _LATER_AGAIN_S)
        return max(again_s, asking.retry_after_s or 0.0)

    def _keep(self, left: Iterable[_Wanted], findings: Findings) -> None:
        """Keep what did not come for another time, unless that is in vain."""
        for it in left:
            if trio.current_time() - it.gap.over_s > _GIVEN_UP_S:
                findings.go_without(it.gap)
            else:
                self._gaps.append(it.gap)

    def _concerned(self, gaps: Iterable[Gap], findings: Findings) -> list[Gap]:
        """Return the gaps in something that klines know, longest windows first; of others all is known."""
        windows, concerned = self._engine.windows(CLOSE), list[Gap]()
        for gap in gaps:
            symbol = gap.symbol
            if symbol in windows or symbol in self._prices or self._engine.has_levels(symbol):
                concerned.append(gap)
            else:
                findings.known.append(gap)
        return sorted(concerned, key=lambda gap: windows.get(gap.symbol, 0), reverse=True)

    def _wanted(self, gap: Gap) -> _Wanted:
        passed_ms = round((trio.current_time() - gap.over_s) * 1000)
        # A market that is played back may go faster than the clock.
        now_ms = max(self._engine.newest_ms(gap.symbol), gap.after.time_ms + passed_ms)
        return _Wanted(gap, min(now_ms - gap.since_ms, _LONGEST_MS))

    def _report_on(self, findings: Findings) -> None:
        known, unknown = findings.known, findings.unknown
        if not known and not unknown:
            return
        touched = [it for it in findings.touched if not self._silenced(it.rule, it.symbol)]
        self._report(
            GapsLookedInto(
                tuple(gap.symbol for gap in known),
                tuple(gap.symbol for gap in unknown),
                tuple(touched),
                max(gap.for_ms for gap in (*known, *unknown)) / 1000,
            )
        )


def _tell(asking: Asking[_Wanted], seconds: float) -> None:
    wanted, left = asking.wanted, len(asking.left)
    longest_s = max(it.gap.for_ms for it in wanted) / 1000
    gaps = f"gaps of {counted(len(wanted), 'symbol')}, {duration(longest_s)} at most"
    if not left:
        facts = about("gaps.filled", count=len(wanted), lasted_s=round(longest_s, 1))
        _log.info("%s, filled from klines in %.1f s", gaps, seconds, extra=facts)
    else:
        text = "%s: %d filled from klines in %.1f s; the others are tried again for a while: %s"
        facts = about("gaps.unknown", count=left, reason=asking.reason)
        _log.warning(text, gaps, len(wanted) - left, seconds, asking.reason, extra=facts)
