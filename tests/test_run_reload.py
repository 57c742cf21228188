"""`alertd run` as a process that is told to reload: by a signal, or by the files themselves."""

import signal
import threading
from pathlib import Path

import attrs
import trio

from alertd.market.venue import stream_name
from tests.delivery.receivers import Hang, http_receiver
from tests.market.rest_servers import Exchange, lists, rest_server
from tests.processes import PATIENCE_S, Running, frame, running_daemon

CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: {{url: "{desk}", rate: 1000/s, digest_over: 1000}}}}
defaults: {{notify: desk}}
rules: [rules/*.yaml]
"""


def rule(name: str, level: float = 100, symbol: str = "BTCUSDT") -> str:
    return f"  {name}: {{symbols: {symbol}, when: {{close: {{crosses_above: {level}}}}}}}\n"


@attrs.frozen
class Rules:
    """The file of rules beside a configuration."""

    folder: Path

    def are(self, *rules: str) -> None:
        path = self.folder / "rules" / "all.yaml"
        path.parent.mkdir(exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text("rules:\n" + "".join(rules))
        new.replace(path)


async def told_of(daemon: Running, what: str) -> str:
    """Wait until the service manager is told something that begins so."""
    while not (told := await daemon.told()).startswith(what):
        pass
    return told


async def reloads(daemon: Running) -> str:
    """Tell the process to reload; return the status after it."""
    daemon.process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in await told_of(daemon, "RELOADING=1\n")
    return (await told_of(daemon, "READY=1\n")).partition("STATUS=")[2]


async def test_a_new_rule_fires_and_one_that_is_gone_does_not(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("old"))
    with http_receiver() as desk:
        async with running_daemon(tmp_path, CONFIG.format(desk=desk.url())) as daemon:
            await told_of(daemon, "READY=1")
            await daemon.sees(99)
            rules.are(rule("new", 100.5))
            assert (await reloads(daemon)).endswith("1 rule, 0 alerts")
            await daemon.sees(99, 101)
            await desk.received.expect(1)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    assert desk.titles() == ["BTCUSDT close crossed above 100.5"]
    assert "reloaded: rules: 1 new (new), 1 gone (old); 1 rule on 1 symbol" in log


async def test_a_mistake_keeps_the_old_rules_and_is_in_the_log_and_the_status(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("up"))
    mistake = "rules/all.yaml:2:33: unknown metric `colse` (did you mean `close`?)"
    with http_receiver() as desk:
        async with running_daemon(tmp_path, CONFIG.format(desk=desk.url())) as daemon:
            await told_of(daemon, "READY=1")
            await daemon.sees(99)
            rules.are(rule("up").replace("close", "colse"))
            status = await reloads(daemon)
            await daemon.sees(99, 101)
            await desk.received.expect(1)
            log = daemon.log.read_text()
            rules.are(rule("up"))
            mended = await reloads(daemon)
    assert status.startswith(f"reload refused for 1 mistake: what ran before goes on ({mistake}), ")
    assert f"error   {mistake}\n" in log
    assert mended.startswith("1 of 1 symbols streaming")


async def test_symbols_begin_and_end_at_the_exchange(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("btc"))
    listed = ("BTCUSDT", "ETHUSDT")
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url())
        async with running_daemon(tmp_path, config, listed=listed) as daemon:
            await told_of(daemon, "READY=1")
            await daemon.exchange.subscribed_to(["BTCUSDT"])
            rules.are(rule("eth", symbol="ETHUSDT"))
            await reloads(daemon)
            await daemon.sees(99, 101, symbol="ETHUSDT")
            await desk.received.expect(1)
            with trio.fail_after(PATIENCE_S):
                while stream_name("BTCUSDT") in daemon.exchange._subscribers:
                    await daemon.exchange._changed.wait()
    assert desk.titles() == ["ETHUSDT close crossed above 100"]


async def test_a_channel_is_replaced_while_a_send_hangs(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("up"))
    with http_receiver(Hang()) as old, http_receiver() as new:
        async with running_daemon(tmp_path, CONFIG.format(desk=old.url())) as daemon:
            await told_of(daemon, "READY=1")
            await daemon.sees(99, 101, 99, 102)
            await old.received.expect(1)
            path = tmp_path / "config.yaml"
            path.write_text(path.read_text().replace(old.url(), new.url()))
            await reloads(daemon)
            await daemon.exchange.publish("BTCUSDT", frame(5, 99))
            await daemon.exchange.publish("BTCUSDT", frame(6, 103))
            await new.received.expect(1)
            old.release()
            await old.received.expect(2)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    closes = [post.json["message"].split()[0] for post in old.received.so_far()]
    assert (len(closes), len(new.received)) == (2, 1)
    assert "reloaded: channels: 1 changed (desk); 1 rule on 1 symbol" in log
    assert "NOT DELIVERED" not in log


async def test_no_secret_of_the_new_configuration_is_ever_printed(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("up"))
    secret = tmp_path / "token"
    secret.write_text("hush-f1l3-s3cr3t")
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url()) + "log: {level: debug}\n"
        async with running_daemon(tmp_path, config) as daemon:
            await told_of(daemon, "READY=1")
            path = tmp_path / "config.yaml"
            refused = path.read_text().replace(
                "channels: {", "channels: {bad: 'tgram://t0ken-in-the-url/', "
            )
            both = f"${{file:{secret}}}/hush-wr1tt3n-s3cr3t"
            path.write_text(refused.replace(desk.url(), desk.url(both)))
            assert "refused" in await reloads(daemon)
            path.write_text(path.read_text().replace("bad: 'tgram://t0ken-in-the-url/', ", ""))
            assert "refused" not in await reloads(daemon)
            await daemon.sees(99, 101)
            (post,) = await desk.received.expect(1)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    assert post.path == "/hush-f1l3-s3cr3t/hush-wr1tt3n-s3cr3t"
    assert ": up BTCUSDT to" in log
    assert "hush" not in log
    assert "t0ken-in-the-url" not in log


async def test_the_last_of_many_signals_is_heeded_and_none_lost(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("rule-0"))
    with http_receiver() as desk:
        async with running_daemon(tmp_path, CONFIG.format(desk=desk.url())) as daemon:
            await told_of(daemon, "READY=1")
            await daemon.sees(99)
            for number in range(1, 21):
                rules.are(rule(f"rule-{number}", 100 + number))
                daemon.process.send_signal(signal.SIGHUP)
            with trio.fail_after(PATIENCE_S):
                while "(rule-20)" not in daemon.log.read_text():
                    await told_of(daemon, "READY=1")
            await daemon.sees(99, 1000)
            await desk.received.expect(1)
            log = daemon.log.read_text()
    assert desk.titles() == ["BTCUSDT close crossed above 120"]
    assert "refused" not in log


async def test_reloads_while_alerts_flow_lose_none_and_double_none(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("up"))
    crossings = 300
    with http_receiver() as desk:
        async with running_daemon(tmp_path, CONFIG.format(desk=desk.url())) as daemon:
            await told_of(daemon, "READY=1")
            with trio.fail_after(PATIENCE_S):
                await daemon.exchange.subscribed_to(["BTCUSDT"])
            for number in range(crossings):
                await daemon.exchange.publish("BTCUSDT", frame(2 * number, 99))
                await daemon.exchange.publish("BTCUSDT", frame(2 * number + 1, 101 + number))
                if number % 30 == 0:
                    rules.are(rule("up"), rule(f"other-{number}", 1e9))
                    daemon.process.send_signal(signal.SIGHUP)
            posts = await desk.received.expect(crossings)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    closes = [post.json["message"] for post in posts]
    assert len(set(closes)) == len(desk.received) == crossings
    assert log.count("reloaded:") > 1


async def test_a_signal_before_the_daemon_is_ready_is_heeded_afterwards(tmp_path: Path):
    rules, asked, go = Rules(tmp_path), threading.Event(), threading.Event()
    rules.are(rule("old"))

    def answers_when_told(exchange: Exchange) -> None:
        asked.set()
        go.wait(PATIENCE_S)
        lists("BTCUSDT")(exchange)

    with http_receiver() as desk, rest_server(answers_when_told) as rest:
        config = CONFIG.format(desk=desk.url())
        async with running_daemon(tmp_path, config, rest_url=rest.url) as daemon:
            # Its files are read by then, and it waits for the exchange's symbols.
            assert await trio.to_thread.run_sync(asked.wait, PATIENCE_S)
            rules.are(rule("new"))
            daemon.process.send_signal(signal.SIGHUP)
            go.set()
            await told_of(daemon, "READY=1")
            await told_of(daemon, "RELOADING=1")
            await told_of(daemon, "READY=1")
            await daemon.sees(99, 101)
            (post,) = await desk.received.expect(1)
    assert "Rule new" in post.json["message"].splitlines()


async def test_files_that_change_reload_themselves_where_that_is_asked_for(tmp_path: Path):
    rules = Rules(tmp_path)
    rules.are(rule("old"))
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url()) + "reload: auto\n"
        async with running_daemon(tmp_path, config) as daemon:
            await told_of(daemon, "READY=1")
            (tmp_path / "rules" / "more.yaml").write_text("rules:\n" + rule("more", 100.5))
            await told_of(daemon, "RELOADING=1")
            assert (await told_of(daemon, "READY=1")).endswith("2 rules, 0 alerts")
