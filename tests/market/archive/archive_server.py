"""An archive on loopback: files with their checksums, whole or from some byte on, and misbehaviour."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from tests.market.rest_servers import Behaviour, Exchange, answers


def with_checksums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and beside each its checksum as the archive writes it."""
    sums = {
        f"{name}.CHECKSUM": f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()
        for name, content in files.items()
    }
    return {**files, **sums}


def archive(
    files: Mapping[str, bytes], troubles: Mapping[str, Sequence[Behaviour]] | None = None
) -> Behaviour:
    """Serve files by their name; the first requests for one in `troubles` meet those instead."""
    ahead = {name: list(each) for name, each in (troubles or {}).items()}

    def behave(exchange: Exchange) -> None:
        name = unquote(exchange.handler.path).rpartition("/")[2]
        if ahead.get(name):
            ahead[name].pop(0)(exchange)
        elif name in files:
            _send(exchange, files[name])
        else:
            answers(status=404)(exchange)

    return behave


def stops_after(size: int, content: bytes) -> Behaviour:
    """The connection ends after so many bytes, or after so many more than were asked to be left out."""

    def behave(exchange: Exchange) -> None:
        begin = _begin(exchange)
        headers = {"Content-Length": str(len(content) - begin)} | _range(begin, len(content))
        exchange.send(206 if begin else 200, headers, content[begin : begin + size])
        exchange.handler.close_connection = True

    return behave


def _send(exchange: Exchange, content: bytes) -> None:
    begin = _begin(exchange)
    if begin and begin >= len(content):
        answers(b"<no such range>", status=416)(exchange)
        return
    headers = {"Content-Length": str(len(content) - begin)} | _range(begin, len(content))
    exchange.send(206 if begin else 200, headers, content[begin:])


def _begin(exchange: Exchange) -> int:
    asked = re.fullmatch(r"bytes=(\d+)-", exchange.handler.headers.get("Range", ""))
    return int(asked[1]) if asked else 0


def _range(begin: int, size: int) -> dict[str, str]:
    return {"Content-Range": f"bytes {begin}-{size - 1}/{size}"} if begin else {}
