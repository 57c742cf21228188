"""Alerts to be kept, of a real engine."""

from alertd.engine.engine import Engine
from alertd.journal.records import Address, Note
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker

PHONE, DESK = Address("phone/1", "phone: Telegram"), Address("desk/1", "desk: Slack")
WATCHED = both(
    check_of("close", "above", 100, rearm=2),
    check_of("volume", "between", 1, 5000),
)


def note(*to: Address, volume: float = 1000.0) -> Note:
    (alert,) = Engine({SYMBOL: [rule(WATCHED)]}).update(ticker(close=101, volume=volume))
    return Note(alert=alert, title="币安 🚀", body="Close 101", to=to or (PHONE,))
