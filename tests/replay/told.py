"""A replay small enough to be read whole: three rules, two symbols, two days."""

from alertd.delivery.channel import Channel
from alertd.engine.rule import Severity
from alertd.replay.summary import Summary, summarize
from tests.delivery.telegram import URL
from tests.replay.alerts import alert, rule, span

CHANNELS = (
    Channel("phone", (URL,)),
    Channel("desk", ("slack://${A}/${B}/${C}",), min_severity=Severity.WARNING),
)
RULES = (
    rule("six-figures", symbols=["BTCUSDT"], notify=["phone"]),
    rule("dips", notify=["phone", "desk"]),
    rule("never"),
)
ALERTS = (
    alert(61, "six-figures", title="BTCUSDT close crossed above 100000"),
    alert(600, "dips", severity="warning", title="BTCUSDT close fell 5.2% in 5m (asked 5%)"),
    alert(600, "dips", "ETHUSDT", severity="critical", title="ETHUSDT fell | _hard_"),
    alert(
        615,
        "dips",
        "ETHUSDT",
        "resolved",
        severity="critical",
        title="Over: ETHUSDT close fell 1.1% in 5m, no longer 5%",
    ),
    alert(2000, "six-figures", title="BTCUSDT close crossed above 100000"),
)
OTHERS = (
    *ALERTS[1:3],
    alert(618, "dips", "ETHUSDT", "resolved", severity="critical", title="Over: ETHUSDT rose"),
    alert(2000, "six-figures", title="BTCUSDT close crossed above 100000"),
    alert(2100, "new", title="BTCUSDT new 4h high 104500"),
)
OTHER_RULES = (*RULES[:2], rule("new", notify=["phone"]))
SPANS = (span("BTCUSDT", days=2), span("ETHUSDT", days=2))


def summary() -> Summary:
    return summarize(ALERTS, RULES, SPANS, CHANNELS)


def other_summary() -> Summary:
    return summarize(OTHERS, OTHER_RULES, SPANS, CHANNELS)
