"""What a configuration says of delivery, of what is kept, and of the heartbeat."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alertd.config.load import load_config
from alertd.config.model import Config, Heartbeat
from alertd.delivery.channel import Channel, Charting, Quiet
from alertd.engine.hours import EVERY_DAY, Hours, Span
from alertd.engine.rule import Severity
from alertd.rate import Rate
from tests.config.files import HEAD, RULE, Folder

DATA = Path(__file__).parents[1] / "data"
RULES = f"rules: {{rules: {{a: {RULE}}}}}\n"
UUID = "5d3e1f60-8a2c-4c55-9d7b-2f4f0d1f0f11"


def with_sections(folder: Folder, text: str, **environment: str) -> Config:
    return folder.load(f"{HEAD}{text}\n{RULES}", environment)


def wrong(folder: Folder, text: str) -> list[str]:
    """Return what is wrong with a configuration whose third line is the text."""
    mistakes = folder.mistakes(f"{HEAD}{RULES}{text}\n")
    return [it.removeprefix("config.yaml:") for it in mistakes]


def channel(folder: Folder, keys: str, **environment: str) -> Channel:
    """Return a channel of these keys, beside one that is called `desk`."""
    text = f"channels: {{phone: {{url: 'json://localhost', {keys}}}, desk: 'json://localhost/d'}}\n"
    return folder.load(text + RULES, environment).channels[0]


def test_every_key_of_a_channel_is_read():
    environment = {"TELEGRAM_TOKEN": "123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFGH"}
    both = load_config(DATA / "everything.good.yaml", environment=environment).channels[2]
    spans = (Span(22 * 60, 24 * 60), Span(0, 7 * 60))
    assert both == Channel(
        "both",
        ("json://localhost/a", "json://localhost/b"),
        rate=Rate(30, 60),
        digest_over=10,
        min_severity=Severity.WARNING,
        quiet=Quiet(
            Hours(ZoneInfo("Europe/Berlin"), frozenset(range(5)), spans), Severity.CRITICAL
        ),
        fallback="phone",
        chart=Charting(is_wanted=True, span_ms=5_400_000, zone=ZoneInfo("Asia/Tokyo")),
    )


def test_a_channel_that_says_nothing_is_as_the_short_form(folder: Folder):
    assert channel(folder, "") == Channel("phone", ("json://localhost",))


def test_quiet_hours_are_every_day_in_utc_and_break_for_what_is_critical(folder: Folder):
    quiet = channel(folder, "quiet: {hours: 23:00-07:00}").quiet
    night = Hours(UTC, EVERY_DAY, (Span(23 * 60, 7 * 60),))
    assert quiet == Quiet(night, Severity.CRITICAL)


def test_a_channels_keys_may_be_filled_in(folder: Folder):
    filled = channel(
        folder,
        "rate: '${RATE}', digest_over: '${MANY}', quiet: {hours: '${NIGHT}'}",
        RATE="3/m",
        MANY="7",
        NIGHT="23:00-07:00",
    )
    assert (filled.rate, filled.digest_over) == (Rate(3, 60), 7)
    assert filled.quiet is not None


def test_fallbacks_may_be_a_chain_and_two_may_share_one(folder: Folder):
    config = folder.load(
        "channels:\n"
        "  a: {url: 'json://localhost/a', fallback: b}\n"
        "  b: {url: 'json://localhost/b', fallback: phone}\n"
        "  c: {url: 'json://localhost/c', fallback: b}\n"
        "  phone: json://localhost\n" + RULES
    )
    assert [it.fallback for it in config.channels] == ["b", "phone", "b", None]


def test_a_circle_is_told_once_wherever_it_is_entered(folder: Folder):
    mistakes = folder.mistakes(
        "channels:\n"
        "  phone: {url: 'json://localhost/p', fallback: c}\n"
        "  a: {url: 'json://localhost/a', fallback: b}\n"
        "  b: {url: 'json://localhost/b', fallback: c}\n"
        "  c: {url: 'json://localhost/c', fallback: a}\n" + RULES
    )
    assert mistakes == ["config.yaml:5:44: fallbacks go round in a circle: c, a, b, c"]


def test_two_circles_are_two_mistakes(folder: Folder):
    pairs = [("a", "b"), ("b", "a"), ("phone", "d"), ("d", "phone")]
    channels = ", ".join(
        f"{name}: {{url: 'json://localhost/{name}', fallback: {other}}}" for name, other in pairs
    )
    assert len(folder.mistakes(f"channels: {{{channels}}}\n{RULES}")) == 2


def test_a_fallback_that_has_mistakes_itself_is_known(folder: Folder):
    text = "channels: {phone: {url: 'json://localhost', fallback: desk}, desk: nonsense}\n"
    [mistake] = folder.mistakes(text + RULES)
    assert mistake.startswith("config.yaml:1:68: not an Apprise URL")


def test_without_a_word_of_it_nobody_hears_of_alertd_itself(folder: Folder):
    assert with_sections(folder, "").system == ()


@pytest.mark.parametrize("written", ["phone", "[phone]"])
def test_the_channels_for_alertd_itself_are_named(folder: Folder, written: str):
    assert with_sections(folder, f"system: {written}").system == ("phone",)


def test_a_channel_is_named_once(folder: Folder):
    assert wrong(folder, "system: [phone, phone]") == ["3:17: this is listed twice"]


def test_the_journal_is_kept_beside_the_configuration(folder: Folder):
    assert with_sections(folder, "").journal == folder.path / "state" / "alertd.db"


def test_the_journal_is_kept_where_the_service_manager_says(folder: Folder):
    config = with_sections(folder, "journal: a/b.db", STATE_DIRECTORY="/var/lib/alertd")
    assert config.journal == Path("/var/lib/alertd/a/b.db")


def test_a_whole_path_of_the_journal_is_as_it_is(folder: Folder):
    config = with_sections(folder, "journal: /srv/a.db", STATE_DIRECTORY="/var/lib/alertd")
    assert config.journal == Path("/srv/a.db")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("~/a.db", "`~` stands for nothing here"),
        ("state/", "`state/` is a folder"),
        (".", "`.` is a folder"),
        ("state/..", "is a folder"),
        ("sqlite:///a.db", "is no name of a file"),
        ('"a\\0b"', "is no name of a file"),
        ("off", "there is always a journal"),
        ("[a.db]", "a text is expected here"),
    ],
)
def test_what_is_no_file_for_a_journal_is_a_mistake(folder: Folder, written: str, said: str):
    [mistake] = wrong(folder, f"journal: {written}")
    assert mistake.startswith("3:10: ")
    assert said in mistake


@pytest.mark.parametrize(("text", "days"), [("", 90), ("keep: 1d", 1), ("keep: 366d", 366)])
def test_what_happened_is_kept_for_so_long(folder: Folder, text: str, days: int):
    assert with_sections(folder, text).keep_ms == days * 86_400_000


@pytest.mark.parametrize("written", ["23h", "0", "off"])
def test_it_is_kept_for_a_day_at_least(folder: Folder, written: str):
    assert len(wrong(folder, f"keep: {written}")) == 1


def test_a_heartbeat_is_a_minutes_where_nothing_else_is_said(folder: Folder):
    config = with_sections(folder, f"heartbeat: {{url: 'https://hc-ping.com/{UUID}'}}")
    assert config.heartbeat == Heartbeat(f"https://hc-ping.com/{UUID}", 60_000)


def test_without_a_word_of_it_there_is_no_heartbeat(folder: Folder):
    assert with_sections(folder, "").heartbeat is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{}", "3:1: `url` is missing: the address that is called"),
        ("{every: 1m}", "3:1: `url` is missing: the address that is called"),
        (
            "{url: ftp://a/b}",
            "3:18: `ftp://…`: a heartbeat's address begins with https:// (or http://)",
        ),
        (
            "{url: hc-ping.com/x}",
            "3:18: this is no address of a heartbeat: write it like https://host/path",
        ),
        (
            "{url: 'https://a/#b'}",
            "3:18: this is no address of a heartbeat: write it like https://host/path",
        ),
        ("{url: https://a/b, every: 2h}", "3:38: `2h` is not from 10s to 1h"),
    ],
)
def test_a_heartbeat_that_cannot_beat_is_a_mistake(folder: Folder, written: str, said: str):
    assert wrong(folder, f"heartbeat: {written}") == [said]


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        (f"https://hc-ping.com/{UUID}/start", UUID),
        ("https://uptime.example.org/api/push/AbCdEfGhIj?status=up&msg=OK", "AbCdEfGhIj"),
        ("https://example.org/?token=s3cr3t-t0k3n", "s3cr3t-t0k3n"),
        ("https://me:pass%23word@example.org/", "pass#word"),
        ("https://t0k%23n@example.org/", "t0k#n"),
    ],
)
def test_what_leads_to_the_heartbeat_is_a_secret(folder: Folder, url: str, secret: str):
    config = with_sections(folder, f"heartbeat: {{url: '{url}'}}")
    assert secret in config.secrets
    assert url not in repr(config)


def test_plain_words_of_its_address_are_none(folder: Folder):
    url = "https://uptime.example.org/api/push/AbCdEfGhIj?status=up&msg=OK"
    assert with_sections(folder, f"heartbeat: {{url: '{url}'}}").secrets == {"AbCdEfGhIj"}


@pytest.mark.parametrize(
    ("feed", "alert_after_ms"),
    [
        ("{}", 60_000),
        ("{stale_after: 2m}", 120_000),
        ("{stale_after: 2m, alert_after: 3m}", 180_000),
        ("{stale_after: 10s, alert_after: 10s}", 10_000),
    ],
)
def test_a_blind_feed_is_worth_an_alert_once_it_is_stale(
    folder: Folder, feed: str, alert_after_ms: int
):
    assert with_sections(folder, f"feed: {feed}").feed.alert_after_ms == alert_after_ms


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ("{alert_after: 20s}", "3:21: `20s` is less than `stale_after`, which is 30s"),
        (
            "{stale_after: 2m, alert_after: 60s}",
            "3:38: `60s` is less than `stale_after`, which is 2m",
        ),
    ],
)
def test_it_is_not_worth_one_before_that(folder: Folder, feed: str, said: str):
    assert wrong(folder, f"feed: {feed}") == [said]
