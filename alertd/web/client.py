"""Asking the running daemon: what its commands do, and why it may not be had, in a person's words."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import attrs
import httpx
import msgspec

from alertd.web import answers, explain_answers, status_answers
from alertd.web.operations import Reload
from alertd.web.places import CONFIG_HEADER, MISDIRECTED
from alertd.web.records import Asked

_Answer = TypeVar("_Answer")

# Reading 10,000 rules anew takes seconds.
_TIMEOUT_S = 60.0


class ControlError(Exception):
    """Why the daemon cannot be asked: it is not there, or not to be spoken to. It says so in words."""


class NotRunningError(ControlError):
    """No daemon runs by that configuration."""


class RefusedError(Exception):
    """The asker's mistake: why the daemon does not do it, with names that may have been meant."""

    def __init__(self, error: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(error)
        self.near = near


@attrs.frozen
class Client:
    """Speaks to the daemon at the first of `places` where one runs by `config`.

    Without a `config` whoever is there is meant. All methods raise `ControlError`, and
    `RefusedError`.
    """

    places: tuple[Path, ...]
    config: Path | None

    def status(self) -> status_answers.Status:
        """Ask which daemon it is, and how it goes."""
        return self._get("/api/status", {}, status_answers.Status)

    def rules(self) -> status_answers.RuleStandings:
        """Ask how every rule stands over all its symbols."""
        return self._get("/api/rules", {}, status_answers.RuleStandings)

    def explain(self, rule: str, symbol: str | None = None) -> explain_answers.Explained:
        """Ask how a rule stands, on one symbol or on all of its symbols."""
        asked = {"rule": rule} if symbol is None else {"rule": rule, "symbol": symbol}
        return self._get("/api/explain", asked, explain_answers.Explained)

    def rearm(self, rule: str, symbol: str | None = None) -> int:
        """Arm a `once` rule again, and return on how many symbols it was not."""
        body = msgspec.json.encode(answers.Rearm(rule=rule, symbol=symbol))
        return self._post("/api/rearm", body, answers.Rearmed).rearmed

    def reload(self) -> Reload:
        """Let the configuration be read anew."""
        return self._post("/api/reload", b"", Reload)

    def history(self, asked: Asked) -> tuple[answers.PastAlert, ...]:
        """Ask for alerts of the past, by their numbers."""
        given = {name: value for name, value in attrs.asdict(asked).items() if value is not None}
        params = given | {"undelivered": str(asked.undelivered).lower()}
        return self._get("/api/history", params, answers.History).alerts

    def silences(self) -> tuple[answers.Silence, ...]:
        """Ask which silences there are, those that are over too."""
        return self._get("/api/silences", {}, answers.Silences).silences

    def add_silence(self, wanted: answers.NewSilence) -> answers.Silenced:
        """Silence such alerts from now on."""
        return self._post("/api/silences", msgspec.json.encode(wanted), answers.Silenced)

    def end_silences(self, number: int | None = None) -> tuple[answers.Silence, ...]:
        """End a silence, or all that are in force, and return them."""
        path = "/api/silences" if number is None else f"/api/silences/{number}"
        request = httpx.Request("DELETE", f"http://alertd{path}")
        return _decoded(self._ask(request), answers.Silences).silences

    def retry(self, wanted: answers.Retry) -> tuple[answers.Retrial, ...]:
        """Let deliveries be tried again, and return what is."""
        return self._post("/api/retry", msgspec.json.encode(wanted), answers.Retried).destinations

    def _get(self, path: str, asked: Mapping[str, str | int], kind: type[_Answer]) -> _Answer:
        return _decoded(self._ask(httpx.Request("GET", f"http://alertd{path}", params=asked)), kind)

    def _post(self, path: str, body: bytes, kind: type[_Answer]) -> _Answer:
        return _decoded(
            self._ask(httpx.Request("POST", f"http://alertd{path}", content=body)), kind
        )

    def _ask(self, request: httpx.Request) -> httpx.Response:
        if self.config is not None:
            request.headers[CONFIG_HEADER] = quote(bytes(self.config.resolve()))
        others: list[str] = []
        for place in self.places:
            if not _is_listening(place):
                continue
            response = _sent(request, place)
            if response.status_code != MISDIRECTED:
                return response
            others.append(f"at {place} {_refused(response).error}")
        raise NotRunningError(self._nobody(others))

    def _nobody(self, others: list[str]) -> str:
        whom = "alertd is not running" + (f" by {self.config}" if self.config else "")
        if others:
            return f"{whom}; {', '.join(others)}: name that with --config"
        looked = ", ".join(map(str, self.places))
        return f"{whom}: nobody listens at {looked}"


def _is_listening(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(place))
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError):
            return False
        except PermissionError:
            advice = "become its user or root (sudo), or see docs/service.md"
            raise ControlError(f"you may not speak to alertd at {place}: {advice}") from None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ControlError(f"alertd cannot be asked at {place}: {reason}") from None
    return True


def _sent(request: httpx.Request, place: Path) -> httpx.Response:
    transport = httpx.HTTPTransport(uds=os.fspath(place))
    with httpx.Client(transport=transport, timeout=_TIMEOUT_S, trust_env=False) as client:
        try:
            return client.send(request)
        except httpx.TimeoutException:
            text = f"alertd at {place} gave no answer within {_TIMEOUT_S:g} s: is it overloaded?"
            raise ControlError(text) from None
        except httpx.HTTPError as error:
            raise ControlError(f"alertd at {place} broke off: {error}") from None


def _decoded(response: httpx.Response, kind: type[_Answer]) -> _Answer:
    if response.is_server_error:
        raise ControlError(_refused(response).error)
    if not response.is_success:
        refused = _refused(response)
        raise RefusedError(refused.error, refused.near)
    return _read(response, kind)


def _refused(response: httpx.Response) -> answers.Refused:
    return _read(response, answers.Refused)


def _read(response: httpx.Response, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.DecodeError, UnicodeError):
        text = "the alertd that runs is of another version than this command: restart it"
        raise ControlError(text) from None
