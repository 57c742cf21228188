import json
from urllib.parse import quote

import pytest

from alertd.market.local.requests import Route, answer, wrapped
from alertd.market.venue import stream_name

BTC, ETH = "btcusdt@miniTicker", "ethusdt@miniTicker"


def test_a_stream_is_named_in_lower_case() -> None:
    assert stream_name("1000PEPEUSDT") == "1000pepeusdt@miniTicker"


def test_only_ascii_letters_are_lower_cased() -> None:
    assert stream_name("ÄRGERUSDT") == "Ärgerusdt@miniTicker"


@pytest.mark.parametrize(
    ("target", "route"),
    [
        (f"/market/ws/{BTC}", Route((BTC,), combined=False, carries_market=True)),
        ("/market/ws", Route((), combined=False, carries_market=True)),
        ("/market/ws/", Route((), combined=False, carries_market=True)),
        ("/market/stream", Route((), combined=True, carries_market=True)),
        (
            f"/market/stream?streams={BTC}/{ETH}",
            Route((BTC, ETH), combined=True, carries_market=True),
        ),
        (f"/ws/{BTC}", Route((BTC,), combined=False, carries_market=False)),
        (f"/stream?streams={BTC}", Route((BTC,), combined=True, carries_market=False)),
        (
            f"/market/ws/{quote('币安人生usdt@miniTicker')}",
            Route(("币安人生usdt@miniTicker",), combined=False, carries_market=True),
        ),
        (
            f"/market/stream?streams={quote('龙虾usdt@miniTicker')}/{BTC}",
            Route(("龙虾usdt@miniTicker", BTC), combined=True, carries_market=True),
        ),
    ],
)
def test_a_path_says_what_is_sent_and_how(target: str, route: Route) -> None:
    assert Route.parse(target) == route


@pytest.mark.parametrize(
    "target", ["*", "/", "//[bad/ws/x", "/market", "/public/ws/x", "/private/ws", "/marketws/x"]
)
def test_another_path_has_no_route(target: str) -> None:
    assert Route.parse(target) is None


def asked(method: str, *names: str) -> str:
    return json.dumps({"method": method, "params": names, "id": 7})


def test_subscribing_adds_streams_in_their_order() -> None:
    reply, streams = answer(asked("SUBSCRIBE", ETH, BTC), (BTC,))
    assert reply == '{"result":null,"id":7}'
    assert streams == (BTC, ETH)


def test_unsubscribing_takes_streams_away() -> None:
    reply, streams = answer(asked("UNSUBSCRIBE", BTC, "never@miniTicker"), (BTC, ETH))
    assert reply == '{"result":null,"id":7}'
    assert streams == (ETH,)


def test_subscriptions_are_listed_as_they_are_spelt() -> None:
    request = '{"method":"LIST_SUBSCRIPTIONS","id":3}'
    reply, streams = answer(request, ("BTCUSDT@miniTicker",))
    assert reply == '{"result":["BTCUSDT@miniTicker"],"id":3}'
    assert streams == ("BTCUSDT@miniTicker",)


@pytest.mark.parametrize(
    ("request_text", "code"),
    [
        ("hello", 3),
        pytest.param("[" * 100_000, 3, id="a deep one"),
        ("[1]", 2),
        ("{}", 2),
        ('{"method":"SUBSCRIBE","params":"btcusdt@miniTicker","id":1}', 2),
        ('{"method":"SUBSCRIBE","params":[1],"id":1}', 2),
        ('{"method":"ORDER","params":[],"id":1}', 2),
        ('{"method":[],"params":[],"id":1}', 2),
    ],
)
def test_what_is_not_understood_is_answered_with_an_error(request_text: str, code: int) -> None:
    reply, streams = answer(request_text, (BTC,))
    assert json.loads(reply)["error"]["code"] == code
    assert streams == (BTC,)


def test_an_answer_can_be_sent_whatever_was_asked() -> None:
    reply, _ = answer('{"method":"SUBSCRIBE","params":[],"id":"\\ud800"}', ())
    assert reply.isascii()


def test_an_event_is_wrapped_with_the_name_of_its_stream() -> None:
    assert wrapped("龙虾usdt@miniTicker", '{"c":"1"}') == (
        '{"stream":"龙虾usdt@miniTicker","data":{"c":"1"}}'
    )
