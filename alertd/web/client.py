"""Asking the running daemon: what its commands do, and why it may not be had, in a person's words."""

import socket
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode

import attrs
import msgspec

from alertd.web import answers, explain_answers, status_answers, unix_http
from alertd.web.operations import Reload
from alertd.web.places import CONFIG_HEADER, MISDIRECTED
from alertd.web.records import Asked

_Answer = TypeVar("_Answer")

# Reading 10,000 rules anew takes seconds.
TIMEOUT_S = 60.0


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

    Without a `config` whoever is there is meant. A daemon that says nothing for `timeout_s` is given
    up. All methods raise `ControlError`, and `RefusedError`.
    """

    places: tuple[Path, ...]
    config: Path | None
    timeout_s: float = TIMEOUT_S

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

    def names(self, rule: str | None = None) -> answers.Names:
        """Ask what may be named; with a `rule` only the symbols that it watches."""
        return self._get("/api/names", {} if rule is None else {"rule": rule}, answers.Names)

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
        return _decoded(self._ask("DELETE", path), answers.Silences).silences

    def retry(self, wanted: answers.Retry) -> tuple[answers.Retrial, ...]:
        """Let deliveries be tried again, and return what is."""
        return self._post("/api/retry", msgspec.json.encode(wanted), answers.Retried).destinations

    def _get(self, path: str, asked: Mapping[str, str | int], kind: type[_Answer]) -> _Answer:
        query = f"?{urlencode(asked)}" if asked else ""
        return _decoded(self._ask("GET", f"{path}{query}"), kind)

    def _post(self, path: str, body: bytes, kind: type[_Answer]) -> _Answer:
        return _decoded(self._ask("POST", path, body), kind)

    def _ask(self, method: str, target: str, body: bytes = b"") -> unix_http.Answered:
        headers = {"Content-Type": "application/json"} if body else {}
        if self.config is not None:
            headers[CONFIG_HEADER] = quote(bytes(self.config.resolve()))
        asked = unix_http.Asked(method=method, target=target, headers=headers, body=body)
        others: list[str] = []
        for place in self.places:
            if not _is_listening(place):
                continue
            answered = self._sent(asked, place)
            if answered.status != MISDIRECTED:
                return answered
            others.append(f"at {place} {_refused(answered).error}")
        raise NotRunningError(self._nobody(others))

    def _sent(self, asked: unix_http.Asked, place: Path) -> unix_http.Answered:
        try:
            return unix_http.ask(place, asked, timeout_s=self.timeout_s)
        except TimeoutError:
            for_s = f"{self.timeout_s:g} s"
            text = f"alertd at {place} gave no answer within {for_s}: is it overloaded?"
            raise ControlError(text) from None
        except (OSError, HTTPException) as error:
            raise ControlError(f"alertd at {place} broke off: {error}") from None

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


def _decoded(answered: unix_http.Answered, kind: type[_Answer]) -> _Answer:
    if answered.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ControlError(_refused(answered).error)
    if answered.status != HTTPStatus.OK:
        refused = _refused(answered)
        raise RefusedError(refused.error, refused.near)
    return _read(answered, kind)


def _refused(answered: unix_http.Answered) -> answers.Refused:
    return _read(answered, answers.Refused)


def _read(answered: unix_http.Answered, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(answered.body, type=kind)
    except (msgspec.DecodeError, UnicodeError):
        text = "the alertd that runs is of another version than this command: restart it"
        raise ControlError(text) from None
