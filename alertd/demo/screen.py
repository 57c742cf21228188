"""What the demo shows: the market as the daemon sees it, and the alerts as they arrive."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from alertd.delivery.report import Outcome, Report
from alertd.demo.receiver import Received
from alertd.engine.alert import Alert
from alertd.engine.metrics import METRICS
from alertd.market.ticker import Ticker
from alertd.observer import Observer

_BAR = 24
_STYLES = {"info": "cyan", "warning": "yellow", "failure": "bold red"}
_MARKS = {"info": "●", "warning": "▲", "failure": "■"}
# Lines that are neither a symbol nor an alert: titles, headings and the gaps between.
_OTHER_LINES = 8
_FEWEST_ALERTS = 4


class Screen(Observer):
    """Shows symbols and alerts, live on a terminal, as lines of alerts elsewhere."""

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._tickers: dict[str, Ticker] = {}
        self._received: list[Received] = []
        self._alerts: Counter[str] = Counter()
        self._by_rule: Counter[str] = Counter()
        self._latencies: list[float] = []
        self._undelivered: list[str] = []
        self._count = 0
        self._began = time.monotonic()

    def on_ticker(self, ticker: Ticker) -> None:
        """Keep the newest of each symbol."""
        self._tickers[ticker.symbol] = ticker
        self._count += 1

    def on_alert(self, alert: Alert) -> None:
        """Count it for its symbol and its rule."""
        self._alerts[alert.symbol] += 1
        self._by_rule[alert.rule.name] += 1

    def on_delivery(self, report: Report) -> None:
        """Keep how long it took, or why it failed."""
        if report.outcome is Outcome.DELIVERED:
            self._latencies += [report.latency_s] * len(report.deliveries)
        elif report.outcome is not Outcome.RETRYING:
            self._undelivered.append(report.reason)

    def on_received(self, received: Received) -> None:
        """Take an alert that arrived; called from the receiver's thread."""
        self._received.append(received)
        if not self._console.is_terminal:
            self._console.print(_line(received))

    @contextmanager
    def live(self) -> Iterator[None]:
        """Show it for as long as the block lasts, then the account of it all."""
        self._console.print(Text(f"alertd demo · {self._title}", style="bold"))
        try:
            if self._console.is_terminal:
                with Live(get_renderable=self._frame, console=self._console, refresh_per_second=8):
                    yield
            else:
                yield
        finally:
            self._console.print(self._account())

    def _frame(self) -> Group:
        market = Table(box=None, pad_edge=False, header_style="dim")
        market.add_column("symbol")
        for name in ("price", "24 h"):
            market.add_column(name, justify="right")
        market.add_column(f"{'24 h low':<{_BAR - 4}}high", min_width=_BAR)
        market.add_column("alerts", justify="right")
        for _, ticker in sorted(self._tickers.items()):
            market.add_row(*self._row(ticker))
        room = max(self._console.height - len(self._tickers) - _OTHER_LINES, _FEWEST_ALERTS)
        arrived = [_line(received) for received in self._received[-room:]]
        heading = Text(f"\nArrived at the receiver: {len(self._received)} alerts", style="dim")
        return Group(self._clock(), market, heading, *arrived)

    def _clock(self) -> Text:
        newest = max((ticker.time_ms for ticker in self._tickers.values()), default=None)
        if newest is None:
            return Text("connecting ...", style="dim")
        moment = datetime.fromtimestamp(newest / 1000, UTC)
        return Text(f"market time {moment:%Y-%m-%d %H:%M} UTC · {self._count:,} tickers", "dim")

    def _row(self, ticker: Ticker) -> tuple[Text, ...]:
        change = METRICS["change_percent"].of(ticker) or 0.0
        alerts = self._alerts[ticker.symbol]
        return (
            Text(ticker.symbol),
            Text(f"{ticker.close:.10g}", "bold"),
            Text(f"{change:+.2f}%", "green" if change >= 0 else "red"),
            _range_bar(ticker),
            Text(str(alerts) if alerts else "", "yellow"),
        )

    def _account(self) -> Group:
        seconds = time.monotonic() - self._began
        lines = [
            Text(f"\n{self._count:,} tickers, {len(self._tickers)} symbols, {seconds:.0f} s"),
            Text(f"Alerts: {self._by_rule.total()}; {_counts(self._by_rule)}"),
            Text(self._deliveries(), "bold red" if self._undelivered else "bold green"),
        ]
        return Group(*lines)

    def _deliveries(self) -> str:
        if self._undelivered:
            reasons = "; ".join(sorted(set(self._undelivered)))
            return f"{len(self._undelivered)} were NOT delivered: {reasons}"
        if not self._latencies:
            return "nothing came true, so nothing was sent"
        ordered = sorted(self._latencies)
        middle, longest = ordered[len(ordered) // 2] * 1000, ordered[-1] * 1000
        return (
            f"all {len(ordered)} delivered, in {middle:.0f} ms typically, {longest:.0f} ms at most"
        )


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common()) or "none"


def _line(received: Received) -> Text:
    mark = _MARKS.get(received.severity, "●")
    return Text.assemble((f"{mark} ", _STYLES.get(received.severity, "")), received.title)


def _range_bar(ticker: Ticker) -> Text:
    """Draw where the close is between the 24 h low and high."""
    position = METRICS["range_position"].of(ticker)
    if position is None:
        return Text("─" * _BAR, "dim")
    at = min(max(round(position / 100 * (_BAR - 1)), 0), _BAR - 1)
    return Text.assemble(("─" * at, "dim"), ("●", "bold"), ("─" * (_BAR - 1 - at), "dim"))
