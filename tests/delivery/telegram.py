"""Telegram's Bot API on loopback, as far as a flood goes: not too fast, and not too long."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs

URL = "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654/"
_LONGEST = 4096
_A_MINUTE = 20
_ROUNDING_S = 1e-6  # of times that are sums: here no answer takes any


@attrs.frozen
class Text:
    """What arrived at a second."""

    s: float
    text: str


class Telegram:
    """A chat. `broken` says which limits were not kept; what breaks one is not in `texts`."""

    def __init__(self, port: int, now_s: Callable[[], float]) -> None:
        self.address = f"http://127.0.0.1:{port}/bot"
        self.texts: list[Text] = []
        self.broken: list[str] = []
        self._now_s = now_s

    def take(self, text: str) -> int:
        """Take a message of the bot's, and return the answer's status."""
        now_s = self._now_s()
        fault = self._fault(now_s, text)
        if fault:
            self.broken.append(fault)
            return 429
        self.texts.append(Text(now_s, text))
        return 200

    def _fault(self, now_s: float, text: str) -> str:
        if len(text) > _LONGEST:
            return f"{len(text)} characters"
        times = [each.s for each in self.texts]
        if times and now_s - times[-1] < 1 - _ROUNDING_S:
            return f"{times[-1]} and {now_s} are within a second"
        if len(times) >= _A_MINUTE and now_s - times[-_A_MINUTE] < 60 - _ROUNDING_S:
            return f"{times[-_A_MINUTE]} and {now_s} are within a minute"
        return ""


@contextmanager
def telegram(now_s: Callable[[], float]) -> Generator[Telegram]:
    """Serve it on a free port, by the clock that is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = chat.take(posted["text"])
            answer = json.dumps({"ok": status == 200}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Print nothing: a test has its own output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        chat = Telegram(server.server_address[1], now_s)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield chat
        finally:
            server.shutdown()
            thread.join()
