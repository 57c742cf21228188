"""The symbols of a link, and what is known of them together, whichever session it is from."""

from collections.abc import Callable, Iterable

from alertd.market.feed.events import BadFrame, Quiet
from alertd.market.feed.habits import Habits
from alertd.market.feed.pace import Pace
from alertd.market.feed.symbol import SymbolStream
from alertd.market.ticker import BadFrameError, Ticker, is_farewell


class SymbolGroup:
    """Takes the frames of a link's sessions and hands their tickers to the symbols' streams.

    `failures` are the sessions in a row that ended without a ticker, `fruitless` those of them that
    connected and were waited for in vain; `pace` is that of all tickers together.
    """

    def __init__(
        self,
        streams: Iterable[SymbolStream],
        *,
        decode: Callable[[str | bytes], Ticker],
        habits: Habits,
    ) -> None:
        self.streams = {stream.symbol: stream for stream in streams}
        self.pace = Pace()
        self.failures = 0
        self.fruitless = 0
        self._decode = decode
        self._habits = habits
        self._bad_frames = 0
        self._gone: set[str] = set()

    def take(self, frame: str | bytes, now: float) -> bool:
        """Take a frame; return whether it was a ticker of one of the symbols.

        What is not is reported and counted, and otherwise nothing comes of it.
        """
        try:
            ticker = self._decode(frame)
        except BadFrameError as error:
            if not is_farewell(frame):
                self._skip(str(error))
            return False
        stream = self.streams.get(ticker.symbol)
        if stream is None:
            if ticker.symbol not in self._gone:
                self._skip(f"a ticker of another symbol: {ticker.symbol[:40]}")
            return False
        self.pace.beat(now)
        stream.take(ticker, now)
        return True

    def leave(self, symbol: str) -> None:
        """Forget a symbol; its tickers may still come for a while."""
        self._gone.add(symbol)
        self.streams.pop(symbol, None)

    def lose(self) -> None:
        """Take note that no session brings them any more."""
        self.pace.pause()
        for stream in self.streams.values():
            stream.lose()

    def fall_quiet(self, streams: Iterable[SymbolStream], silent_s: float) -> None:
        """Report symbols that send nothing on a connection that is well, each once."""
        fresh = [stream for stream in streams if not stream.is_quiet]
        for stream in fresh:
            stream.is_quiet = True
        if fresh:
            likely = self._habits.explain_silence(fresh[0].symbol)
            self._habits.report(Quiet(tuple(s.symbol for s in fresh), silent_s, likely))

    def _skip(self, reason: str) -> None:
        self._bad_frames += 1
        self._habits.report(BadFrame(tuple(self.streams), reason, self._bad_frames))
