"""What a websocket client asks of the exchange: by its path, and by text frames afterwards.

No socket is touched here: texts go in, the streams that are meant and the answers come out.
Source: Binance USDⓈ-M futures, "Websocket Market Streams" and "Live Subscribing/Unsubscribing".
"""

import json
from typing import Any
from urllib.parse import parse_qs, unquote

import attrs

_METHODS = "SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS"


@attrs.frozen
class Route:
    """What the path of a connection means.

    `streams` are the names asked for, as they are spelt. `combined` wraps each event as
    `{"stream": name, "data": event}`. Where `carries_market` is false, nothing is ever sent but
    answers: since 2026-04-23 the exchange so treats the paths without `/market`.
    """

    streams: tuple[str, ...]
    combined: bool
    carries_market: bool

    @classmethod
    def parse(cls, target: str) -> "Route | None":
        """Return the route of a request target such as `/market/ws/btcusdt@miniTicker`, if any."""
        whole_path, _, query = target.partition("?")
        path = whole_path.removeprefix("/market")
        carries_market = path != whole_path
        if path == "/stream":
            names = [
                name for text in parse_qs(query).get("streams", ()) for name in text.split("/")
            ]
            return cls(tuple(filter(None, names)), combined=True, carries_market=carries_market)
        if path in ("/ws", "/ws/"):
            return cls((), combined=False, carries_market=carries_market)
        if path.startswith("/ws/"):
            name = unquote(path.removeprefix("/ws/"))
            return cls((name,), combined=False, carries_market=carries_market)
        return None


def answer(request: str, streams: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the exchange's answer to a text frame, and the client's streams from then on.

    `streams` are those that it has. A frame that is not understood changes nothing and is
    answered with an error.
    """
    try:
        message = json.loads(request)
    except (ValueError, RecursionError) as error:
        return _text({"error": {"code": 3, "msg": f"Invalid JSON: {error}"}}), streams
    if not isinstance(message, dict):
        return _text(_invalid("an object is expected")), streams
    outcome, streams = _outcome(message, streams)
    return _text({**outcome, "id": message.get("id")}), streams


def wrapped(stream: str, frame: str) -> str:
    """Return an event as it is sent on a combined connection; `frame` is the bare event's JSON."""
    return f'{{"stream":{json.dumps(stream, ensure_ascii=False)},"data":{frame}}}'


def _outcome(
    message: dict[str, Any], streams: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    method, names = message.get("method"), message.get("params", [])
    if method == "LIST_SUBSCRIPTIONS":
        return {"result": list(streams)}, streams
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        return _invalid("params must be an array of stream names"), streams
    if method == "SUBSCRIBE":
        return {"result": None}, tuple(dict.fromkeys([*streams, *names]))
    if method == "UNSUBSCRIBE":
        return {"result": None}, tuple(name for name in streams if name not in names)
    return _invalid(f"unknown variant `{method}`, expected one of {_METHODS}"), streams


def _invalid(what: str) -> dict[str, Any]:
    return {"error": {"code": 2, "msg": f"Invalid request: {what}"}}


def _text(value: object) -> str:
    # In ASCII, because a client may send half of a surrogate pair, which cannot be sent back.
    return json.dumps(value, separators=(",", ":"))
