"""`alertd run` as a process: what it tells the service manager, and how it ends."""

import re
import signal
from pathlib import Path

import trio
import trio.testing

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.systemd import Notifier
from tests.delivery.receivers import Answer, Hang, http_receiver
from tests.engine.tickers import ticker
from tests.processes import running_daemon

ONE_CHANNEL = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: BTCUSDT, when: {{close: {{crosses_above: 100}}}}}}
"""

TWO_CHANNELS = ONE_CHANNEL.replace(
    'channels: {{desk: "{desk}"}}', 'channels: {{slow: "{slow}", desk: "{desk}"}}'
).replace("notify: desk", "notify: [slow, desk]")


async def test_the_service_manager_is_told_of_the_start_and_the_end(tmp_path: Path):
    with http_receiver() as desk:
        async with running_daemon(tmp_path, ONE_CHANNEL.format(desk=desk.url())) as daemon:
            assert (await daemon.told()).startswith("READY=1\nSTATUS=0 of 1 symbols streaming")
            daemon.process.send_signal(signal.SIGTERM)
            assert (await daemon.told()).startswith("STOPPING=1")
            assert await daemon.ends() == 0


async def test_an_alert_goes_from_the_socket_to_the_receiver(tmp_path: Path):
    with http_receiver() as desk:
        async with running_daemon(tmp_path, ONE_CHANNEL.format(desk=desk.url())) as daemon:
            await daemon.sees(99, 101)
            (post,) = await desk.received.expect(1)
    assert post.json["title"] == "BTCUSDT close crossed above 100"


async def test_a_signal_in_the_middle_of_a_send_waits_for_its_end(tmp_path: Path):
    with http_receiver(Hang()) as desk:
        async with running_daemon(tmp_path, ONE_CHANNEL.format(desk=desk.url())) as daemon:
            await daemon.told()
            await daemon.sees(99, 101)
            await desk.received.expect(1)
            daemon.process.send_signal(signal.SIGTERM)
            assert (await daemon.told()).startswith("STOPPING=1")
            desk.release()
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    assert "delivered 1: up BTCUSDT to desk" in log
    assert "NOT DELIVERED" not in log
    assert len(desk.received) == 1


async def test_a_second_signal_cuts_deliveries_short_and_says_what_is_left(tmp_path: Path):
    with http_receiver(Hang()) as slow, http_receiver() as desk:
        config = TWO_CHANNELS.format(slow=slow.url(), desk=desk.url())
        async with running_daemon(tmp_path, config) as daemon:
            await daemon.told()
            await daemon.sees(99, 101, 99, 102)
            await slow.received.expect(1)
            await desk.received.expect(2)
            daemon.process.send_signal(signal.SIGINT)
            assert (await daemon.told()).startswith("STOPPING=1")
            daemon.process.send_signal(signal.SIGINT)
            await daemon.ends()
            log = daemon.log.read_text()
    # The second signal may come before the answer to what the desk has received was read.
    found = re.search(r"2 alerts, (\d) delivered, 0 not delivered, (\d) left for the next", log)
    assert found is not None
    assert found.groups() in {("2", "2"), ("1", "3")}
    assert "Traceback" not in log


async def test_what_was_left_is_delivered_by_the_next_start_in_order_and_once(tmp_path: Path):
    with http_receiver(Hang(), Answer()) as slow, http_receiver() as desk:
        config = TWO_CHANNELS.format(slow=slow.url(), desk=desk.url())
        async with running_daemon(tmp_path, config) as daemon:
            await daemon.sees(99, 101, 99, 102)
            await desk.received.expect(2)
            await slow.received.expect(1)
            daemon.process.kill()
            await daemon.ends()
        async with running_daemon(tmp_path, config) as daemon:
            posts = await slow.received.expect(3)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
    told = [post.json["message"].splitlines()[-1] for post in posts]
    assert [line.split(",")[0] for line in told] == ["Alert 1", "Alert 1", "Alert 2"]


async def test_a_rule_that_fires_does_not_fire_again_after_a_restart(tmp_path: Path):
    with http_receiver() as desk:
        config = ONE_CHANNEL.format(desk=desk.url()).replace("crosses_above: 100", "above: 100")
        config += "      passed: {symbols: BTCUSDT, when: {close: {crosses_above: 105}}}\n"
        for from_s, told in ((0, 2), (10, 3)):
            async with running_daemon(tmp_path, config) as daemon:
                await daemon.sees(101, 106, from_s=from_s)
                posts = await desk.received.expect(told)
                daemon.process.send_signal(signal.SIGTERM)
                assert await daemon.ends() == 0
    assert [post.json["message"].splitlines()[-2] for post in posts] == [
        "Rule up", "Rule passed", "Rule passed",
    ]  # fmt: skip


async def test_a_second_daemon_on_one_journal_is_refused(tmp_path: Path):
    with http_receiver() as desk:
        config = ONE_CHANNEL.format(desk=desk.url())
        async with running_daemon(tmp_path, config) as daemon:
            await daemon.told()
            other = tmp_path / "other"
            other.mkdir()
            config += f"journal: {tmp_path}/state/alertd.db\n"
            async with running_daemon(other, config) as second:
                assert await second.ends() == 1
                log = second.log.read_text()
    assert f"is in use by process {daemon.process.pid}" in log
    assert "Traceback" not in log


async def test_a_destination_that_hangs_delays_no_other(tmp_path: Path):
    with http_receiver(Hang()) as slow, http_receiver() as desk:
        config = TWO_CHANNELS.format(slow=slow.url(), desk=desk.url())
        async with running_daemon(tmp_path, config) as daemon:
            await daemon.sees(99, 101, 99, 102, 99, 103)
            await slow.received.expect(1)
            await desk.received.expect(3)
            assert len(slow.received) == 1


async def test_what_a_destination_refused_at_first_arrives_later_and_in_order(tmp_path: Path):
    with http_receiver(Answer(status=500), Answer()) as desk:
        async with running_daemon(tmp_path, ONE_CHANNEL.format(desk=desk.url())) as daemon:
            await daemon.sees(99, 101, 99, 102)
            posts = await desk.received.expect(3)
    assert [post.json["message"].splitlines()[0] for post in posts] == [
        posts[0].json["message"].splitlines()[0],
        posts[0].json["message"].splitlines()[0],
        posts[2].json["message"].splitlines()[0],
    ]
    assert "102" in posts[2].json["message"]


async def test_the_exchange_cutting_the_line_loses_no_later_tick(tmp_path: Path):
    with http_receiver() as desk:
        async with running_daemon(tmp_path, ONE_CHANNEL.format(desk=desk.url())) as daemon:
            await daemon.sees(99)
            daemon.exchange.cut_off()
            await trio.testing.wait_all_tasks_blocked()
            await daemon.sees(99, 101)
            await desk.received.expect(1)


async def test_a_secret_is_in_no_line_of_the_log_even_at_debug(tmp_path: Path):
    token = "hush-5up3r53cr3t"
    with http_receiver(Answer(status=500), Answer()) as desk:
        config = ONE_CHANNEL.format(desk=desk.url("${TOKEN}")) + "log: {level: debug}\n"
        async with running_daemon(tmp_path, config, TOKEN=token) as daemon:
            await daemon.sees(99, 101)
            first, _ = await desk.received.expect(2)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
            log = daemon.log.read_text()
    assert first.path == f"/{token}"
    assert "500" in log
    assert token not in log


async def test_a_destination_that_never_answers_holds_the_end_up_no_longer_than_it_may(
    tmp_path: Path, journal: JournalFile
):
    with http_receiver(Hang()) as desk:
        (tmp_path / "config.yaml").write_text(
            ONE_CHANNEL.format(desk=desk.url()).replace("{exchange}", "9")
        )
        loaded = load_config(tmp_path / "config.yaml", environment={})
        daemon = Daemon(loaded, journal=journal, notifier=Notifier(None), drain_s=0.1)
        with trio.fail_after(10):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(daemon.run)
                for at_s, close in enumerate((99, 101)):
                    daemon.take(ticker(at_s, close=close))
                await desk.received.expect(1)
                daemon.stop()
    assert (daemon.tally.left, daemon.tally.undelivered) == (1, 0)


async def test_shared_connections_bring_the_same_alerts(tmp_path: Path):
    with http_receiver() as desk:
        config = ONE_CHANNEL.format(desk=desk.url()).replace(
            '/market"}', '/market", connections: shared}'
        )
        async with running_daemon(tmp_path, config) as daemon:
            await daemon.sees(99, 101)
            (post,) = await desk.received.expect(1)
    assert "shared" in config
    assert post.json["title"] == "BTCUSDT close crossed above 100"
