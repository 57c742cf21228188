"""Real web servers on loopback, in threads, that answer REST requests in whatever way a test asks."""

import json
import ssl
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs

from alertd.market.exchange_info import parse_exchange_info
from alertd.market.listing import Listing

Behaviour = Callable[["Exchange"], None]


def symbol(name: str, status: str = "TRADING", **others: object) -> dict[str, Any]:
    """A symbol of USDⓈ-M or spot, as the exchange writes it."""
    price = {"filterType": "PRICE_FILTER", "minPrice": "0.1", "tickSize": "0.10"}
    steps = {"filterType": "LOT_SIZE", "stepSize": "0.001"}
    return {"symbol": name, "status": status, "filters": [steps, price]} | others


def exchange_info(symbols: Iterable[dict[str, Any]]) -> bytes:
    """The whole answer, with some of the keys that alertd has no use for."""
    info = {"timezone": "UTC", "serverTime": 1_785_974_400_000, "rateLimits": [{"limit": 2400}]}
    return json.dumps(info | {"symbols": list(symbols)}, ensure_ascii=False).encode()


def listing_of(*names: str, fetched_ms: int = 1_785_974_400_000) -> Listing:
    """A listing in which these symbols trade."""
    body = exchange_info(symbol(name) for name in names)
    return parse_exchange_info(body, market="usdm", fetched_ms=fetched_ms)


def real_exchange_info(klines_folder: Path) -> bytes:
    """What the exchange listed on 2026-08-06: 697 symbols, 573 of them trading."""
    listed = json.loads((klines_folder / "um_symbols_20260806.json").read_bytes())["coins"]
    return exchange_info(symbol(name, it["status"]) for name, it in listed.items())


@attrs.frozen
class Exchange:
    """A request that is under way, to be answered by a behaviour."""

    handler: BaseHTTPRequestHandler
    ending: threading.Event

    def send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)


def answers(
    body: bytes = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Behaviour:
    """A whole answer."""
    sent = {"Content-Length": str(len(body)), **(headers or {})}
    return lambda exchange: exchange.send(status, sent, body)


def lists(*names: str) -> Behaviour:
    """An answer in which these symbols trade."""
    return answers(exchange_info(symbol(name) for name in names))


def hangs(exchange: Exchange) -> None:
    """No answer at all."""
    exchange.ending.wait()


def stops_half_way(exchange: Exchange) -> None:
    """An answer that begins well and never ends."""
    exchange.send(200, {"Content-Length": "1000"}, b'{"symbols": [')
    exchange.handler.wfile.flush()
    exchange.ending.wait()


def never_stops(exchange: Exchange) -> None:
    """An answer without an end, as fast as it is taken."""
    exchange.send(200, {}, b"")
    while not exchange.ending.is_set():
        exchange.handler.wfile.write(b" " * 65536)


def cuts(exchange: Exchange) -> None:
    """The connection ends without a word."""
    exchange.handler.close_connection = True


def talks_nonsense(exchange: Exchange) -> None:
    """What comes is not HTTP."""
    exchange.handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


@attrs.define
class RestServer:
    """A server's address, and the paths that were asked of it so far."""

    url: str
    asked: list[str] = attrs.field(factory=list)


@contextmanager
def rest_server(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Generator[RestServer]:
    """Serve each request by the next behaviour; the last one stays."""
    ending = threading.Event()
    waiting = list(behaviours)
    running = RestServer("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append(self.path)
            behave = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            try:
                behave(Exchange(self, ending))
            except OSError:
                self.close_connection = True  # the client has seen enough

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    running.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield running
    finally:
        ending.set()
        server.shutdown()
        server.server_close()
        thread.join()
