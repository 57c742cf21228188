"""A picture's whole way: tickers, an alert, a restart, klines, and what arrives at Telegram."""

from collections.abc import Generator
from contextlib import closing
from functools import partial
from pathlib import Path

import attrs
import pytest
import trio
from apprise.plugins.telegram import NotifyTelegram

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.engine.prices import Prices
from alertd.journal.database import reading
from alertd.journal.file import JournalFile
from alertd.market.kline_source import open_klines
from alertd.market.local.exchange import LocalExchange
from alertd.market.past.klines import Kline
from alertd.market.past.tape import Tape
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from alertd.systemd import Notifier
from alertd.warming import warm_pictures
from tests.delivery.pictured import is_picture, parts_of
from tests.delivery.receivers import Answer, HttpReceiver, http_receiver
from tests.market.kline_answers import body, row
from tests.market.past.kline_rows import DAY_MINUTES, MINUTE_MS, START_MS, kline, series_of
from tests.market.rest_servers import answers, rest_server

CONFIG = """
feed: {{url: "ws://127.0.0.1:{exchange}/market"}}
channels:
  phone: {{url: tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/987654/, chart: true}}
defaults: {{notify: phone}}
rules:
  - rules:
      up: {{symbols: BTCUSDT, when: {{close: {{crosses_above: 105}}}}}}
      plain: {{symbols: BTCUSDT, chart: false, when: {{close: {{crosses_above: 105}}}}}}
"""
HOUR_MS = 60 * MINUTE_MS
NOW_MS = START_MS + 100 * MINUTE_MS + 30_000


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Generator[HttpReceiver]:
    with http_receiver(Answer(body=b'{"ok": true}')) as receiver:
        monkeypatch.setattr(NotifyTelegram, "notify_url", f"{receiver.address}/bot")
        yield receiver


def daemon_of(journal: JournalFile, *, exchange: int = 9) -> Daemon:
    config = journal.path.with_name("config.yaml")
    config.write_text(CONFIG.format(exchange=exchange))
    loaded = load_config(config, environment={})
    return Daemon(loaded, journal=journal, notifier=Notifier(None), drain_s=0.1)


def climbing(minute: int) -> Kline:
    """A day of 100, and then half a percent a minute."""
    price = str(100 + max(0, minute - DAY_MINUTES) / 2)
    return kline(minute, [price] * 4)


def ticker(minute: int, close: float) -> Ticker:
    return Ticker("BTCUSDT", START_MS + minute * MINUTE_MS, close, close, close, close, 1.0, 1.0)


async def test_an_alert_comes_with_a_picture_of_what_the_stream_has_shown(
    telegram: HttpReceiver, journal: JournalFile
):
    klines = [climbing(minute) for minute in range(DAY_MINUTES + 20)]
    tape, exchange = Tape((series_of("BTCUSDT", klines),)), LocalExchange()
    async with trio.open_nursery() as nursery:
        port = await nursery.start(exchange.serve)
        daemon = daemon_of(journal, exchange=port)
        async with trio.open_nursery() as running:
            running.start_soon(daemon.run)
            await exchange.subscribed_to(["BTCUSDT"])
            await exchange.play(tape)
            posts = await telegram.received.expect(2)
            daemon.stop()
        nursery.cancel_scope.cancel()
    photo, text = posts
    assert (photo.path[-9:], text.path[-11:]) == ("sendPhoto", "sendMessage")
    parts = parts_of(photo)
    assert "BTCUSDT close crossed above 105" in parts["caption"].decode()
    assert is_picture(parts["photo"])
    assert "Rule plain" in text.json["text"]


async def lives(journal: JournalFile, *tickers: Ticker, telegram: HttpReceiver | None) -> None:
    """Let a daemon see these tickers, and where somebody listens wait until both alerts are told."""
    daemon = daemon_of(journal)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(daemon.run)
        await daemon.ready.wait()
        for each in tickers:
            daemon.take(each)
        if telegram is not None:
            await telegram.taken.expect(2)
        daemon.stop()


async def test_what_waits_over_a_restart_has_its_picture(telegram: HttpReceiver, tmp_path: Path):
    path = tmp_path / "alertd.db"
    telegram.behave(Answer(503))
    with closing(JournalFile(path)) as file:
        file.open()
        await lives(file, *(ticker(it, 100 + it / 2) for it in range(20)), telegram=None)
    telegram.behave(Answer())
    with closing(JournalFile(path)) as file:
        file.open()
        # The price up to the alert, and what its rule asked of it, are in the journal alone.
        await lives(file, telegram=telegram)
    photo = next(it for it in telegram.taken.so_far() if it.path.endswith("sendPhoto"))
    assert is_picture(parts_of(photo)["photo"])


async def test_only_what_may_be_shown_is_kept_with_an_alert(
    telegram: HttpReceiver, journal: JournalFile
):
    await lives(journal, *(ticker(it, 100 + it / 2) for it in range(20)), telegram=telegram)
    with reading(journal.path) as store:
        up, plain = (store.alert(number) for number in (1, 2))
    assert up is not None
    assert plain is not None
    assert up.alert.sketch is not None
    assert list(up.alert.sketch.levels) == [105]
    assert plain.alert.sketch is None


# What klines know.


async def test_klines_fill_in_what_nobody_watched():
    prices = Prices()
    prices.watch({"BTCUSDT": HOUR_MS})
    prices.take(Ticker("BTCUSDT", NOW_MS, 7.0, 7.0, 7.0, 7.0, 1.0, 1.0))
    rows = [row(minute, 10, 12, 9, 11) for minute in range(40, 101)]
    with rest_server(answers(body(rows))) as server:
        open_it = partial(open_klines, attrs.evolve(USDM, rest_url=server.url))
        await warm_pictures(prices, open_it, now_ms=NOW_MS)
        await warm_pictures(prices, open_it, now_ms=NOW_MS)
    assert server.asked == ["/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=62"]
    path = prices.path("BTCUSDT", HOUR_MS)
    assert path is not None
    assert list(path.closes) == [*[11] * 59, 7]
    assert (path.lows[0], path.highs[0]) == (9, 12)
    # What has only begun is known up to now, and no further.
    assert path.times_ms[-1] == NOW_MS


async def test_an_exchange_that_does_not_answer_leaves_pictures_as_they_are(
    caplog: pytest.LogCaptureFixture,
):
    prices = Prices()
    prices.watch({"BTCUSDT": HOUR_MS})
    with rest_server(answers(status=418, headers={"Retry-After": "999"})) as server:
        open_it = partial(open_klines, attrs.evolve(USDM, rest_url=server.url))
        await warm_pictures(prices, open_it, now_ms=NOW_MS)
    assert prices.path("BTCUSDT", HOUR_MS) is None
    assert "pictures of 0 of 1 symbol warmed from klines" in caplog.text


async def test_where_no_picture_is_wanted_nobody_is_asked():
    with rest_server(answers(status=500)) as server:
        open_it = partial(open_klines, attrs.evolve(USDM, rest_url=server.url))
        await warm_pictures(Prices(), open_it, now_ms=NOW_MS)
    assert server.asked == []
