"""What `alertd history` shows of alerts."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from alertd.cli.fates import fates
from alertd.cli.past import line, listed, whole
from alertd.web.answers import PastAlert, PastDelivery, Range, SilencedBy
from tests.cli.past_alerts import TIME_MS, delivery, past_alert

NOW = datetime.fromtimestamp(TIME_MS / 1000, UTC) + timedelta(hours=1)
MAIL = delivery("waiting", destination="mail: Email", attempts=4, reason="HTTP 503", done_ms=None)


def printed(what: RenderableType, *, width: int) -> list[str]:
    """The lines without colours and trailing blanks; none is wider than the terminal."""
    file = io.StringIO()
    Console(file=file, width=width, highlight=False).print(what)
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert max(map(cell_len, lines)) <= width
    return lines


def shown(*alerts: PastAlert, width: int = 80, now: datetime = NOW) -> list[str]:
    return printed(listed(alerts, width=width, now=now, utc=True), width=width)


def test_on_80_columns_an_alert_is_a_few_lines_below_each_other():
    assert shown(past_alert(delivery(), MAIL)) == [
        "  #  UTC          symbol   what happened",
        "118  22:13:20  ‼  BTCUSDT  close rose above 100000",
        "                           btc-100k · phone: Telegram delivered",
        "                           mail: Email waiting: HTTP 503, 4 tries",
    ]


def test_on_120_columns_everything_has_a_column():
    assert shown(past_alert(delivery(), MAIL), width=120) == [
        "  #  UTC          symbol   rule      what happened            what became of it",
        "118  22:13:20  ‼  BTCUSDT  btc-100k  close rose above 100000  phone: Telegram delivered",
        " " * 62 + "mail: Email waiting: HTTP 503, 4 tries",
    ]


def test_on_40_columns_nothing_is_cut_off():
    assert shown(past_alert(delivery(), MAIL), width=40) == [
        "118 22:13:20 ‼ BTCUSDT",
        "  close rose above 100000",
        "  btc-100k · phone: Telegram delivered",
        "  mail: Email waiting: HTTP 503, 4 tries",
    ]


@pytest.mark.parametrize("width", [64, 80, 110])
def test_a_table_cuts_nothing_off_either(width: int):
    name = "x" * 100
    text = "".join(shown(past_alert(delivery(), rule=name, title=name), width=width))
    assert text.count("x") == 200
    assert "…" not in text


@pytest.mark.parametrize(
    ("later", "time"),
    [
        (timedelta(), "22:13:20"),
        (timedelta(hours=3), "11-14 22:13:20"),
        (timedelta(days=60), "2023-11-14 22:13"),
    ],
)
def test_a_time_has_no_more_than_tells_it_from_now(later: timedelta, time: str):
    assert shown(past_alert(), now=NOW + later)[1].startswith(f"118  {time}  ")


def test_in_a_pipe_an_alert_is_one_line():
    assert line(past_alert(delivery(), MAIL), utc=True) == (
        "118  2023-11-14 22:13:20 UTC  critical  BTCUSDT  btc-100k  BTCUSDT close rose above 100000"
        "  [phone: Telegram delivered; mail: Email waiting: HTTP 503, 4 tries]"
    )


def test_what_alertd_says_of_itself_has_no_symbol():
    assert "  critical  -  alertd  " in line(past_alert(symbol="", rule="alertd"), utc=True)


@pytest.mark.parametrize(
    ("became", "words"),
    [
        (delivery(), "delivered"),
        (delivery(latency_ms=5_000), "delivered"),
        (delivery(latency_ms=7_345), "delivered after 7.3 s"),
        (delivery(latency_ms=3_700_000), "delivered after 1h 1m"),
        (delivery(attempts=3, reason="HTTP 503"), "delivered, 3 tries"),
        (delivery("waiting", attempts=0), "waiting"),
        (delivery("waiting", attempts=1, reason="HTTP 503"), "waiting: HTTP 503"),
        (delivery("undelivered", reason="wrong token"), "undelivered: wrong token"),
        (delivery("passed on", reason="to mail", attempts=2), "passed on: to mail, 2 tries"),
        (delivery("waiting", reason="a\n\x1b[2Jb"), "waiting: a  [2Jb"),
    ],
)
def test_a_fate_is_a_few_words(became: PastDelivery, words: str):
    (only,) = fates(past_alert(became))
    assert only.plain == f"phone: Telegram {words}"


def test_destinations_where_all_is_well_share_a_line():
    others = (delivery(destination="desk: Slack"), MAIL)
    assert [it.plain for it in fates(past_alert(delivery(), *others))] == [
        "phone: Telegram, desk: Slack delivered",
        "mail: Email waiting: HTTP 503, 4 tries",
    ]


def test_what_went_well_hides_no_other_delivery_of_the_same_name():
    lost = delivery("undelivered", reason="wrong token")
    assert [it.plain for it in fates(past_alert(delivery(), lost))] == [
        "phone: Telegram delivered",
        "phone: Telegram undelivered: wrong token",
    ]


@pytest.mark.parametrize(
    ("comment", "words"), [("asleep", "silenced by 3: asleep"), ("", "silenced by 3")]
)
def test_a_silenced_alert_says_by_whom(comment: str, words: str):
    silence = SilencedBy(number=3, comment=comment)
    assert [it.plain for it in fates(past_alert(silence=silence))] == [words]


def test_an_alert_for_nobody_says_so():
    assert [it.plain for it in fates(past_alert())] == ["no channel wants it"]


def test_one_alert_is_shown_whole():
    alert = past_alert(delivery(), MAIL, noted_ms=TIME_MS + 9_000)
    assert printed(whole(alert, utc=True), width=80) == [
        "BTCUSDT close rose above 100000",
        "Close rose above 100000: 99950 to 100210.5",
        "Rule btc-100k (critical)",
        "",
        "alert     118, critical, firing",
        "rule      btc-100k on BTCUSDT",
        "time      2023-11-14 22:13:20 UTC",
        "noted     2023-11-14 22:13:29 UTC, 9.0 s later",
        "value     100210.5, against 100000",
        "metrics   close 100210.5, volume 12345",
        "delivery  phone: Telegram delivered after 1.3 s, 2023-11-14 22:13:21 UTC",
        "delivery  mail: Email waiting: HTTP 503, 4 tries",
    ]


@pytest.mark.parametrize(
    ("threshold", "words"),
    [(None, "100210.5"), (Range(low=1.0, high=2.5), "100210.5, against 1 to 2.5")],
)
def test_a_value_stands_beside_what_it_was_compared_with(threshold: Range | None, words: str):
    lines = printed(whole(past_alert(threshold=threshold), utc=True), width=80)
    assert f"value    {words}" in lines


def test_what_is_not_known_is_left_out():
    alert = past_alert(value=None, metrics={}, symbol="", rule="alertd")
    assert printed(whole(alert, utc=True), width=80)[3:] == [
        "",
        "alert  118, critical, firing",
        "rule   alertd",
        "time   2023-11-14 22:13:20 UTC",
    ]


def test_one_that_was_silenced_says_by_what():
    alert = past_alert(silence=SilencedBy(number=3, comment="asleep"))
    assert "silence  silenced by 3: asleep" in printed(whole(alert, utc=True), width=80)
