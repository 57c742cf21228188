import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import attrs
import pytest
import trio
from click.testing import CliRunner
from trio_websocket import WebSocketConnection, wrap_client_stream

from alertd.cli.simulate import command
from alertd.market.kline_source import KlineRequest, open_klines
from alertd.market.past.klines import DAY_MS, utc_text
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.scenarios import SCENARIOS, generate
from alertd.market.past.tape import Tape
from alertd.market.rest import fetch_listing
from alertd.market.rest_klines import Interval
from alertd.market.ticker import decode_ticker
from alertd.market.venue import USDM
from tests.market.local.exchange_users import receive_until_closed
from tests.market.past.kline_rows import (
    DAY_MINUTES,
    HEADER,
    START_MS,
    archive_row,
    plain_row,
    write_text,
)

COMMAND = [sys.executable, "-m", "alertd", "simulate"]
URLS = re.compile(
    rb"feed: \{url: ws://127\.0\.0\.1:(\d+)/market, rest_url: http://127\.0\.0\.1:(\d+)\}"
)


@attrs.define
class Simulation:
    """A running `alertd simulate`, and what it has said so far."""

    process: trio.Process
    said: bytes = b""

    async def ports(self) -> tuple[int, int]:
        """Return where its streams and its list of symbols are, once it says so."""
        assert self.process.stdout is not None
        while not (found := URLS.search(self.said)):
            chunk = await self.process.stdout.receive_some()
            assert chunk, self.said
            self.said += chunk
        return int(found[1]), int(found[2])

    async def listening(self) -> int:
        """Return the port of its streams, once it says so."""
        return (await self.ports())[0]

    async def ended(self) -> tuple[int, str]:
        """Return the exit status and all that it said."""
        assert self.process.stdout is not None
        async for chunk in self.process.stdout:
            self.said += chunk
        return await self.process.wait(), self.said.decode()


@asynccontextmanager
async def simulating(*arguments: str) -> AsyncIterator[Simulation]:
    async with trio.open_nursery() as nursery:
        run = partial(
            trio.run_process,
            [*COMMAND, "--port", "0", "--rest-port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        with trio.fail_after(30):
            yield Simulation(await nursery.start(run))
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def client_of(port: int, target: str) -> AsyncIterator[WebSocketConnection]:
    async with (
        await trio.open_tcp_stream("127.0.0.1", port) as stream,
        trio.open_nursery() as nursery,
    ):
        yield await wrap_client_stream(nursery, stream, "127.0.0.1", f"/market/{target}")
        nursery.cancel_scope.cancel()


async def test_a_scenario_is_served_to_its_end_and_the_command_ends_with_it() -> None:
    async with simulating("--scenario", "rally", "--seed", "3", "--speed", "max") as simulation:
        port = await simulation.listening()
        async with client_of(port, "ws/btcusdt@miniTicker") as client:
            received, code = await receive_until_closed(client)
        status, said = await simulation.ended()
    series = generate(SCENARIOS["rally"], seed=3)
    tape = Tape(series, path=KlinePath.OHLC)
    assert received == [each.frame() for each in tape if each.symbol == "BTCUSDT"]
    assert (status, code) == (0, 1001)
    assert "rally: A generated market that climbs" in said
    assert "Ended at 2026-01-02 00:29:59 UTC: 121 tickers sent." in said


async def test_its_symbols_are_listed_as_the_exchange_lists_them() -> None:
    async with simulating("--scenario", "calm", "--symbol", "BTCUSDT") as simulation:
        _, port = await simulation.ports()
        venue = attrs.evolve(USDM, rest_url=f"http://127.0.0.1:{port}")
        assert (await fetch_listing(venue)).trading == ("BTCUSDT",)


async def test_before_it_begins_the_day_before_is_known() -> None:
    request = KlineRequest("BTCUSDT", Interval.MINUTE, 3)
    async with simulating("--scenario", "calm", "--symbol", "BTCUSDT") as simulation:
        _, port = await simulation.ports()
        async with open_klines(attrs.evolve(USDM, rest_url=f"http://127.0.0.1:{port}")) as source:
            klines = tuple((await source.fetch(request)).klines)
    assert [utc_text(it.open_time_ms) for it in klines] == [
        "2026-01-01 23:57:00", "2026-01-01 23:58:00", "2026-01-01 23:59:00",
    ]  # fmt: skip


async def test_data_is_served_between_its_dates(tmp_path: Path) -> None:
    rows = [plain_row(minute) for minute in range(2 * DAY_MINUTES)]
    path = write_text(tmp_path / "XUSDT_a.csv.gz", [HEADER, *rows])
    dates = ["--from", "2025-05-06 12:00", "--to", "2025-05-06T12:03"]
    async with simulating("--data", str(path), "--speed", "max", *dates) as simulation:
        async with client_of(await simulation.listening(), "ws/xusdt@miniTicker") as client:
            received, _ = await receive_until_closed(client)
        status, said = await simulation.ended()
    noon = START_MS + DAY_MS + DAY_MS // 2
    assert [decode_ticker(frame).time_ms - noon for frame in received] == [59999, 119999, 179999]
    assert status == 0
    assert "The quote volume is not in the data: it is an estimate." in said


async def test_only_the_symbols_asked_for_are_served() -> None:
    asked = ["--symbol", "ethusdt", "--symbol", "BTCUSDT"]
    async with simulating("--scenario", "calm", *asked) as simulation:
        await simulation.listening()
        simulation.process.terminate()
        _, said = await simulation.ended()
    assert "Serving 2 symbols: ETHUSDT, BTCUSDT" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_peace_while_it_waits(number: signal.Signals) -> None:
    async with simulating("--scenario", "calm") as simulation:
        await simulation.listening()
        simulation.process.send_signal(number)
        status, _ = await simulation.ended()
    assert status == 0


async def test_a_signal_ends_it_in_peace_while_it_plays() -> None:
    async with simulating("--scenario", "calm", "--speed", "1") as simulation:
        port = await simulation.listening()
        async with client_of(port, "ws/btcusdt@miniTicker") as client:
            await client.get_message()
            simulation.process.terminate()
            await receive_until_closed(client)
        status, said = await simulation.ended()
    assert status == 0
    assert "1 tickers sent" in said


async def test_a_mistake_that_lies_deep_in_a_file_is_said_when_it_is_met(tmp_path: Path) -> None:
    rows = [archive_row(minute) for minute in range(DAY_MINUTES + 5)]
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [*rows, "broken"])
    async with simulating("--data", str(path), "--speed", "max") as simulation:
        async with client_of(await simulation.listening(), "ws/xusdt@miniTicker") as client:
            received, _ = await receive_until_closed(client)
        status, said = await simulation.ended()
    assert (status, len(received)) == (2, 6)
    assert said.endswith(f"Error: {path}:{DAY_MINUTES + 6}: 1 cells, not 12: mend the line\n")


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("", "say what to serve: either --data PATH or --scenario NAME"),
        ("--scenario calm --data x.csv", "say what to serve: either"),
        ("--scenario flashcrash", "no scenario 'flashcrash' (did you mean flash-crash?): calm,"),
        ("--scenario calm --symbol BTCUSD", "no symbol BTCUSD in it (did you mean BTCUSDT?)"),
        ("--scenario calm --speed fast", "--speed fast: a number above 0 is expected"),
        ("--scenario calm --speed 0", "--speed 0: a number above 0 is expected"),
        ("--scenario calm --speed inf", "--speed inf: a number above 0 is expected"),
        ("--scenario calm --from 2026-01-03", "nothing to play"),
        ("--data nowhere.csv", "nowhere.csv: no such file or folder"),
        ("--scenario calm --host 192.0.2.1", "cannot serve at 192.0.2.1:8765"),
    ],
)
def test_a_mistake_is_said_in_one_line(arguments: str, what: str) -> None:
    (line,) = refused(*arguments.split()).splitlines()
    assert line.startswith(f"Error: {what}")


def test_less_than_a_day_of_klines_is_a_mistake(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT.csv", [HEADER, plain_row(0), plain_row(1)])
    assert "a symbol's first ticker needs 24 hours of klines" in refused("--data", str(path))


def test_a_port_that_is_taken_is_a_mistake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = refused("--scenario", "calm", "--port", str(port))
    assert message.startswith(f"Error: cannot serve at 127.0.0.1:{port} ([Errno 98] ")
