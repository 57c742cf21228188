"""Where the demo's alerts arrive: a real web server on this machine, as any web hook's is."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import attrs


@attrs.frozen
class Received:
    """An alert as it arrived, and how many had arrived with it."""

    title: str
    body: str
    severity: str
    count: int


@contextmanager
def receiver(on_received: Callable[[Received], None]) -> Iterator[int]:
    """Receive Apprise's JSON notifications for as long as the block lasts; give the port.

    `on_received` is called from a thread of the server.
    """
    count = 0

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal count
            posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            count += 1
            on_received(Received(posted["title"], posted["message"], posted["type"], count))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the screen belongs to the demo."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
