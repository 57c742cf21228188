"""`alertd simulate`: a local exchange that plays recorded or generated klines."""

import itertools
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import partial

import attrs
import click
import trio

from alertd.cli.common import UsersMistake
from alertd.cli.dates import since, until
from alertd.market.local.exchange import LocalExchange
from alertd.market.local.played import PlayedKlines
from alertd.market.local.rest import LocalRest
from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import Kline, KlineSeries, KlinesError, utc_text
from alertd.market.past.rolling_day import KlinePath, MiniTicker
from alertd.market.past.scenarios import SCENARIOS, Scenario, generate
from alertd.market.past.tape import Tape


@attrs.frozen
class _Serving:
    """Where the market is served, how fast it goes (None: as fast as it is taken), and what it is.

    `played` has its klines, `begins_ms` is the time of its first ticker.
    """

    host: str
    port: int
    rest_port: int
    speed: float | None
    introduction: str
    played: PlayedKlines
    begins_ms: int


@click.command
@click.option("--data", "paths", multiple=True, metavar="PATH", help="Kline files, folders, globs.")
@click.option("--scenario", metavar="NAME", help=f"A generated market: {', '.join(SCENARIOS)}.")
@click.option(
    "--seed", default=0, show_default=True, help="Another seed, another generated market."
)
@click.option("--speed", default="60", show_default=True, help="Market seconds a second, or max.")
@click.option(
    "--path",
    type=click.Choice([path.value for path in KlinePath]),
    help="Tickers of a kline: its close, or open, extremes and close.  [data: close, scenario: ohlc]",
)
@click.option(
    "--symbol", "symbols", multiple=True, metavar="SYMBOL", help="Only this one, or these."
)
@click.option(
    "--from", "start_ms", callback=since, metavar="DATE", help="From that day, month or time (UTC)."
)
@click.option(
    "--to",
    "end_ms",
    callback=until,
    metavar="DATE",
    help="To the end of that day or month, or just before that time (UTC).",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="The port to serve at; 0: any.",
)
@click.option(
    "--rest-port",
    type=click.IntRange(0, 65535),
    default=8766,
    show_default=True,
    help="The port of REST, for symbols, tickers and klines; 0: any.",
)
def command(  # noqa: PLR0913 - one for each option
    *,
    paths: tuple[str, ...],
    scenario: str | None,
    seed: int,
    speed: str,
    path: str | None,
    symbols: tuple[str, ...],
    start_ms: int | None,
    end_ms: int | None,
    host: str,
    port: int,
    rest_port: int,
) -> None:
    """Serve a market of your own: a fire drill for rules and channels.

    It speaks as the exchange does, so that alertd cannot tell the difference. The market's clock
    starts when somebody has subscribed; it waits for whoever is slow.
    """
    if bool(paths) == bool(scenario):
        raise UsersMistake("say what to serve: either --data PATH or --scenario NAME")
    wanted = [symbol.upper() for symbol in symbols]
    pace = _speed(speed)
    try:
        series = find_klines(paths, symbols=wanted) if paths else _generated(scenario, seed, wanted)
        played = PlayedKlines(series)
        tape = Tape(
            played.series,
            path=KlinePath(path or ("close" if paths else "ohlc")),
            start_ms=start_ms,
            end_ms=end_ms,
        )
        # Read up to the first ticker now, not when clients are waiting for an answer.
        tickers = iter(tape)
        first = next(tickers, None)
    except KlinesError as error:
        raise UsersMistake(str(error)) from None
    if first is None:
        raise UsersMistake(
            "nothing to play: a symbol's first ticker needs 24 hours of klines before it,"
            " and --from and --to may leave nothing"
        )
    introduction = _introduction(tape, first, SCENARIOS[scenario] if scenario else None)
    serving = _Serving(host, port, rest_port, pace, introduction, played, first.time_ms)
    _run(serving, tape.symbols, itertools.chain([first], tickers))


def _generated(name: str | None, seed: int, wanted: list[str]) -> tuple[KlineSeries, ...]:
    if name not in SCENARIOS:
        raise UsersMistake(
            f"no scenario {name!r}{_guess(str(name), SCENARIOS)}: {', '.join(SCENARIOS)}"
        )
    by_symbol = {series.symbol: series for series in generate(SCENARIOS[name], seed=seed)}
    for symbol in wanted:
        if symbol not in by_symbol:
            raise UsersMistake(
                f"no symbol {symbol} in it{_guess(symbol, by_symbol)}: {', '.join(by_symbol)}"
            )
    return tuple(by_symbol[symbol] for symbol in wanted or by_symbol)


def _guess(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 0 < speed < float("inf"):
        raise UsersMistake(f"--speed {text}: a number above 0 is expected, such as 60, or max")
    return speed


def _introduction(tape: Tape, first: MiniTicker, scenario: Scenario | None) -> str:
    lines = [f"Serving {len(tape.symbols)} symbols: {', '.join(tape.symbols)}"]
    if scenario:
        lines.append(f"{scenario.name}: {scenario.description}")
    if any(series.quote_volume_estimated for series in tape.series):
        lines.append("The quote volume is not in the data: it is an estimate.")
    lines.append(f"It begins at {utc_text(first.time_ms)} UTC, when somebody has subscribed.")
    return "\n".join(lines)


def _run(serving: _Serving, symbols: tuple[str, ...], tickers: Iterable[MiniTicker]) -> None:
    mistake = None
    try:
        trio.run(_serve, serving, symbols, tickers)
    except* (UsersMistake, KlinesError) as group:
        mistake = str(group.exceptions[0])
    if mistake is not None:
        raise UsersMistake(mistake)


async def _serve(
    serving: _Serving, symbols: tuple[str, ...], tickers: Iterable[MiniTicker]
) -> None:
    exchange = LocalExchange()
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_stop_on, signals, nursery.cancel_scope)
            host = serving.host
            port = await _listen(nursery, exchange.serve, host, serving.port)

            def klines(symbol: str, interval_ms: int, count: int) -> Sequence[Kline] | None:
                until_ms = exchange.time_ms or serving.begins_ms
                return serving.played.newest(symbol, interval_ms, count, until_ms=until_ms)

            interface = LocalRest(symbols, tickers=exchange.newest, klines=klines)
            rest = await _listen(nursery, interface.serve, host, serving.rest_port)
            click.echo(serving.introduction)
            click.echo("In alertd's configuration (Ctrl-C ends this):")
            urls = f"url: ws://{host}:{port}/market, rest_url: http://{host}:{rest}"
            click.echo(f"  feed: {{{urls}}}")
            await exchange.settled(symbols)
            if sys.stdout.isatty():
                nursery.start_soon(_show_progress, exchange)
            await exchange.play(tickers, speed=serving.speed)
            await exchange.close()
            nursery.cancel_scope.cancel()
    if exchange.time_ms:
        click.echo(f"\rEnded at {utc_text(exchange.time_ms)} UTC: {exchange.sent} tickers sent.")


async def _stop_on(signals: AsyncIterator[int], scope: trio.CancelScope) -> None:
    async for _ in signals:
        scope.cancel()


async def _listen(
    nursery: trio.Nursery, serve: Callable[..., Awaitable[None]], host: str, port: int
) -> int:
    try:
        bound: int = await nursery.start(partial(serve, port, host=host))
    except OSError as error:
        where = f"{host}:{port}"
        advice = "choose another --port, or --rest-port"
        raise UsersMistake(f"cannot serve at {where} ({error}): {advice}") from None
    return bound


async def _show_progress(exchange: LocalExchange) -> None:
    while True:
        click.echo(f"\r{utc_text(exchange.time_ms)} UTC, {exchange.sent} tickers sent", nl=False)
        await trio.sleep(1)
