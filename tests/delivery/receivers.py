"""Real receivers on loopback, for Apprise to send to: HTTP(S) with programmable answers, and SMTP.

They run in threads, so that they serve tests under Trio as well as tests without it.
"""

import json
import socket
import ssl
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern_policy
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, TypeVar

import attrs
import trio
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

T = TypeVar("T")
PATIENCE_S = 20.0


@attrs.frozen
class Answer:
    """An HTTP answer. Slack's webhooks say `ok`, and other services do not mind it."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def is_good(self) -> bool:
        return self.status < 300


def too_many(retry_after: str) -> Answer:
    """The answer to one who sends too often, with its `Retry-After`: seconds or an HTTP date."""
    return Answer(429, b"slow down", {"Retry-After": retry_after})


@attrs.frozen
class Hang:
    """No answer until the receiver's `release` is called; then a good one."""


@attrs.frozen
class Cut:
    """The request is read, not taken, and the connection is closed without an answer."""


@attrs.frozen
class AnswerLost:
    """The request is taken, but the connection is closed before the answer."""


@attrs.frozen
class Echo:
    """The request is refused by an answer that repeats all of it, as servers for testing do."""


Behaviour = Answer | Hang | Cut | AnswerLost | Echo


@attrs.frozen
class Request:
    """What was posted."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        parsed = json.loads(self.body)
        assert isinstance(parsed, dict)
        return parsed


class Received(Generic[T]):
    """What has arrived, in order, and a way to wait for more."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self._changed = threading.Condition()

    def add(self, item: T) -> None:
        self.number(item)

    def number(self, item: T) -> int:
        """Add an item and return its number, counted from 1."""
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()
            return len(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> T:
        return self._items[index]

    def so_far(self) -> list[T]:
        with self._changed:
            return list(self._items)

    def wait_for(self, count: int) -> list[T]:
        """Block until so many have arrived, and return them; fail after 20 s."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._items) >= count, PATIENCE_S):
                raise AssertionError(f"{len(self._items)} arrived of {count}: {self._items}")
            return list(self._items)

    async def expect(self, count: int) -> list[T]:
        """Wait the same way in a Trio task."""
        return await trio.to_thread.run_sync(self.wait_for, count)


class HttpReceiver:
    """An HTTP server that answers its requests by the given behaviours; the last one stays.

    `received` are all requests, `taken` those that the service counts as delivered.
    """

    def __init__(self, port: int, behaviours: Sequence[Behaviour], *, is_tls: bool) -> None:
        self.port = port
        self.received: Received[Request] = Received()
        self.taken: Received[Request] = Received()
        self._secure = "s" if is_tls else ""
        self._behaviours = behaviours or [Answer()]
        self._released = threading.Event()

    def url(self, path: str = "") -> str:
        """The Apprise URL of a JSON webhook here."""
        return f"json{self._secure}://127.0.0.1:{self.port}/{path}"

    @property
    def address(self) -> str:
        return f"http{self._secure}://127.0.0.1:{self.port}"

    def release(self) -> None:
        """Let every hanging request have its answer, now and from now on."""
        self._released.set()

    def behave(self, *behaviours: Behaviour) -> None:
        """Answer by these from the next request on."""
        self._behaviours = [*[Answer()] * len(self.received), *behaviours]

    def titles(self) -> list[str]:
        """The titles of the JSON notifications so far, in order."""
        return [request.json["title"] for request in self.received.so_far()]

    def take(self, request: Request) -> Answer | None:
        """Note a request and return its answer, None to close the connection."""
        number = self.received.number(request)
        behaviour = self._behaviours[min(number, len(self._behaviours)) - 1]
        answer = behaviour if isinstance(behaviour, Answer) else None
        if isinstance(behaviour, Hang):
            self._released.wait(PATIENCE_S)
            answer = Answer()
        if isinstance(behaviour, Echo):
            told = {"description": f"{request.path} {request.headers} {request.body.decode()}"}
            answer = Answer(400, json.dumps(told).encode())
        if isinstance(behaviour, AnswerLost) or (answer is not None and answer.is_good):
            self.taken.add(request)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: HttpReceiver


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        assert isinstance(self.server, _Server)
        answer = self.server.receiver.take(Request(self.path, dict(self.headers), body))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST  # noqa: N815 - http.server's name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Print nothing: a test has its own output."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            # The client gave up waiting, or did not trust the certificate, as some tests want.
            self.close_connection = True


@contextmanager
def http_receiver(
    *behaviours: Behaviour, tls: ssl.SSLContext | None = None
) -> Generator[HttpReceiver]:
    """Serve HTTP on a free port of loopback, under TLS where its server's context is given."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls is not None:
        # The handshake is the handling thread's business: here it would hold up the others.
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    port = int(server.server_address[1])
    receiver = server.receiver = HttpReceiver(port, behaviours, is_tls=tls is not None)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.release()
        server.shutdown()
        server.server_close()


@contextmanager
def closing_receiver() -> Generator[int]:
    """Accept connections on a free port of loopback, which is given, and close them at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_close_all, args=(listener,), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _close_all(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # the test is over
            return
        connection.close()


class MailReceiver:
    """An SMTP server's mailbox. With `refusal` every recipient is answered that instead."""

    def __init__(self, port: int, refusal: str | None) -> None:
        self.port = port
        self.received: Received[EmailMessage] = Received()
        self._refusal = refusal

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=alertd@example.org&to=me@example.org"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and signature
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        if self._refusal:
            return self._refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        assert isinstance(envelope.content, bytes)
        message = BytesParser(EmailMessage, policy=modern_policy).parsebytes(envelope.content)
        self.received.add(message)
        return "250 OK"


@contextmanager
def mail_receiver(
    refusal: str | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    password: str | None = None,
) -> Generator[MailReceiver]:
    """Serve SMTP on a free port of loopback, which may want TLS and, with a password, a login."""
    mailbox = MailReceiver(free_port(), refusal)
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=mailbox.port,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        # aiosmtpd knows nothing of a connection that was under TLS from its beginning.
        auth_require_tls=tls is None,
        auth_required=password is not None,
        authenticator=partial(_login, password),
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def _login(password: str | None, *session: object) -> AuthResult:
    """Judge a login by the last of what aiosmtpd hands over: the user and the password."""
    data = session[-1]
    assert isinstance(data, LoginPassword)
    right = data.password.decode() == password
    # Not handled: then the server itself says 535.
    return AuthResult(success=right, handled=False)


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def body_of(mail: EmailMessage) -> str:
    """The text of a plain mail."""
    text = mail.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")
