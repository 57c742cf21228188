import msgspec
import pytest

from alertd.delivery.message import compose
from alertd.engine.operator import Operator
from alertd.engine.rule import Severity
from tests.delivery.samples import BTC, TIME_MS, alert_of, metric_test, rule_of


def test_a_message_knows_what_it_is_about() -> None:
    message = compose(alert_of(rule_of(severity=Severity.WARNING)))
    assert (message.rule, message.symbol) == ("my-rule", "BTCUSDT")
    assert (message.severity, message.time_ms) == (Severity.WARNING, TIME_MS)


def test_the_rules_own_templates_replace_the_built_in_text() -> None:
    rule = rule_of(title="{{ symbol }} up", message="now {{ close }}")
    message = compose(alert_of(rule))
    assert (message.title, message.body) == ("BTCUSDT up", "now 100012.3")


def test_a_title_is_one_line_whatever_its_template_says() -> None:
    assert compose(alert_of(rule_of(title="a\n  b\r\nc"))).title == "a b c"


def test_an_endless_title_is_cut_where_services_would_cut_it() -> None:
    title = compose(alert_of(rule_of(title="x" * 300))).title
    assert title == "x" * 199 + "…"


def test_a_message_template_that_fails_gives_the_built_in_text_and_says_so() -> None:
    rule = rule_of(message="\n{{ 1 / (close - value) }}")
    message = compose(alert_of(rule))
    assert message.body.splitlines()[0] == "Close 100012.3, crossed above 100000"
    assert message.body.splitlines()[-1] == (
        "(the rule's own message failed: it divides by zero, line 2)"
    )


def test_a_title_template_that_fails_gives_the_built_in_title_and_says_so_in_the_text() -> None:
    message = compose(alert_of(rule_of(title="{{ value - previous }}", message="fine")))
    assert message.title == "BTCUSDT close crossed above 100000"
    first, second = message.body.splitlines()
    assert first == "fine"
    assert second.startswith("(the rule's own title failed: unsupported operand type(s)")


def test_its_number_stands_beside_the_time():
    message = compose(alert_of(), 57)
    assert message.number == 57
    assert message.body.splitlines()[-1] == "Alert 57, 2025-05-08 14:30:19 UTC"


def test_a_template_may_name_it():
    rule = rule_of(title="{{ symbol }} ({{ number }})", message="{{ number }}")
    message = compose(alert_of(rule), 57)
    assert (message.title, message.body) == ("BTCUSDT (57)", "57")


@pytest.mark.parametrize(
    ("price", "written"),
    [
        (3.3000000000000003, "close 3.3, above 1"),
        (1.5e-15, "close 0.0000000000000015, above 1"),
        (1e18, "close 1000000000000000000, above 1"),
    ],
)
def test_there_are_words_for_every_price_that_a_sound_ticker_may_have(price: float, written: str):
    ticker = msgspec.structs.replace(BTC, close=price, open=price, high=price, low=price)
    above = metric_test("close", Operator.ABOVE, 1.0)
    assert compose(alert_of(rule_of(above), ticker)).title == f"BTCUSDT {written}"
