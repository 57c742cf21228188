"""How the daemon does, piece by piece: what `alertd status` shows, and what is wrong now in words."""

from collections.abc import Collection, Iterator

import attrs

from alertd.config.wording import counted, few
from alertd.delivery.destination import channel_of
from alertd.delivery.numbers import duration
from alertd.delivery.report import Fault, Held
from alertd.observers.latest import Latest, Unseen
from alertd.observers.tally import Tally
from alertd.web import status_answers

_NO_TICKER_YET = "no ticker has come yet"


@attrs.frozen
class Overview:
    """What observers have heard, put in order for a moment `now_ms` by the machine's clock."""

    tally: Tally
    latest: Latest
    now_ms: int

    def feed(self, watched: Collection[str]) -> status_answers.Feed:
        """Return how many of the symbols that are watched are seen, and why others are not."""
        return status_answers.Feed(
            watched=len(watched),
            streaming=len(self.tally.streaming),
            unseen=tuple(self._unseen(watched)),
            tickers=self.tally.tickers,
            gaps=self.latest.gaps,
            longest_gap_ms=self.latest.longest_gap_ms,
        )

    def _unseen(self, watched: Collection[str]) -> Iterator[status_answers.Unseen]:
        """Yield the symbols that are not seen by what is known of that, the most first."""
        groups: dict[tuple[str, bool], list[str]] = {}
        for symbol in watched:
            if symbol not in self.tally.streaming:
                known = self.latest.unseen.get(symbol)
                key = (known.reason, known.is_cut) if known else (_NO_TICKER_YET, False)
                groups.setdefault(key, []).append(symbol)
        for (reason, is_cut), symbols in sorted(groups.items(), key=lambda it: -len(it[1])):
            since_ms = [self.latest.unseen[it].since_ms for it in symbols if self._is_known(it)]
            yield status_answers.Unseen(
                symbols=tuple(symbols),
                reason=reason,
                since_ms=min(since_ms, default=None),
                is_cut=is_cut,
            )

    def _is_known(self, symbol: str) -> bool:
        return symbol in self.latest.unseen

    def destinations(self, held: Collection[Held]) -> tuple[status_answers.Destination, ...]:
        """Return how the destinations do."""
        return tuple(map(self._destination, held))

    def _destination(self, held: Held) -> status_answers.Destination:
        fault = held.fault
        return status_answers.Destination(
            destination=held.label,
            channel=channel_of(held.key),
            state=_state(fault),
            reason=fault.reason if fault else "",
            failing_for_ms=round(fault.failing_for_s * 1000) if fault else 0,
            waiting=held.waiting,
            delivered_ms=self.latest.delivered_ms.get(held.key),
        )

    @property
    def reload(self) -> status_answers.LastReload | None:
        """What came of the last reload."""
        outcome = self.latest.reload
        if outcome is None:
            return None
        return status_answers.LastReload(
            ok=outcome.ok, summary=outcome.summary, time_ms=self.latest.reload_ms
        )

    def trouble(self, standstill: str | None, *, blind_after_ms: int) -> tuple[str, ...]:
        """Return what is wrong now, the worst first, `standstill` before all.

        A connection that is lost is worth a word after `blind_after_ms`. What is over is none, such
        as an alert that was given up.
        """
        tally, latest = self.tally, self.latest
        words = (
            standstill,
            tally.unwritten and f"the journal cannot be written: {tally.unwritten}",
            self._cut(blind_after_ms),
            tally.refusal and _first(tally.refusal.summary, tally.refusal.mistakes),
            *map(_fault_in_words, tally.faults.values()),
            tally.unrecorded and f"nothing is recorded: {tally.unrecorded}",
            latest.low_disk,
            latest.unheard,
        )
        return tuple(dict.fromkeys(it for it in words if it))

    def _cut(self, blind_after_ms: int) -> str:
        lost = {
            name: it
            for name, it in self.latest.unseen.items()
            if self._is_worth(it, blind_after_ms)
        }
        if not lost:
            return ""
        first = min(lost.values(), key=lambda it: it.since_ms)
        lasted = duration((self.now_ms - first.since_ms) / 1000)
        what = counted(len(lost), "symbol")
        return f"no data for {what} ({few(lost)}) for {lasted}: {first.reason}"

    def _is_worth(self, unseen: Unseen, blind_after_ms: int) -> bool:
        return unseen.is_cut and self.now_ms - unseen.since_ms >= blind_after_ms


def _state(fault: Fault | None) -> str:
    if fault is None:
        return "well"
    return "refusing" if fault.is_refused else "failing"


def _fault_in_words(fault: Fault) -> str:
    return f"{fault.label} {'refuses' if fault.is_refused else 'takes no'} alerts: {fault.reason}"


def _first(summary: str, mistakes: tuple[str, ...]) -> str:
    return f"{summary} ({mistakes[0]})" if mistakes else summary
