"""The pictures of alerts, drawn in a thread, each once for all its destinations.

A text never waits for its picture for longer than a moment, and never fails by one: whatever is
wrong with a drawing, it is said once in the log, and the text goes alone.
"""

import logging
from datetime import tzinfo

import trio

from alertd.delivery.channel import Charting
from alertd.delivery.illustration import chart_of, is_wanted
from alertd.delivery.message import Message
from alertd.drawing.chart import Chart
from alertd.engine.prices import Prices

_log = logging.getLogger(__name__)

_WITHIN_S = 1.0
# So that it is legible on a phone that is held upright, where it is a third as wide.
_WIDTH, _HEIGHT = 1080, 720
# An alert's destinations ask within seconds of each other.
_MOST_KEPT = 8

_Key = tuple[Message, int, tzinfo | None]


class Pictures:
    """Draws what the `prices` of an alert's symbol were. Use it in Trio's thread."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._drawn: dict[_Key, bytes | None] = {}
        # One at a time: a crowd of them would hold up the feed. One that was given up keeps its
        # thread, so that no more of them gather, and until it ends there are no pictures.
        self._turn = trio.Lock()
        self._thread = trio.CapacityLimiter(1)
        self._told: set[str] = set()

    async def of(self, message: Message, charting: Charting) -> bytes | None:
        """Return the PNG for a message; None where none is wanted, or it cannot be had at once."""
        if not is_wanted(message, charting):
            return None
        with trio.move_on_after(_WITHIN_S):
            async with self._turn:
                return await self._of(message, charting)
        self._tell_once(f"not ready within {_WITHIN_S:g} s")
        return None

    async def _of(self, message: Message, charting: Charting) -> bytes | None:
        key = (message, charting.span_ms, charting.zone)
        if key not in self._drawn:
            chart = self._chart_of(message, charting)
            if chart is None or not self._thread.available_tokens:
                return None
            self._drawn[key] = await trio.to_thread.run_sync(
                self._draw, chart, abandon_on_cancel=True, limiter=self._thread
            )
            if len(self._drawn) > _MOST_KEPT:
                del self._drawn[next(iter(self._drawn))]
        return self._drawn[key]

    def _chart_of(self, message: Message, charting: Charting) -> Chart | None:
        try:
            return chart_of(message, self._prices, charting)
        except ValueError as error:
            self._tell_once(str(error))
            return None

    def _draw(self, chart: Chart) -> bytes | None:
        try:
            from alertd.drawing.png import draw

            return draw(chart, width=_WIDTH, height=_HEIGHT, dark=True)
        except Exception as error:  # noqa: BLE001 - a text is sacred, and a picture is not
            self._tell_once(f"{type(error).__name__}: {error}")
            return None

    def _tell_once(self, reason: str) -> None:
        kind = reason.partition(":")[0]
        if kind not in self._told:
            self._told.add(kind)
            about = {"event": "delivery.undrawn", "fields": {"reason": reason}}
            _log.warning(
                "a picture could not be drawn, its alert goes without: %s", reason, extra=about
            )
