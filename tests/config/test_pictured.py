"""Of which symbols the recent prices are kept, and for how long."""

import pytest

from alertd.config.pictured import picture_spans
from alertd.config.watchlist import rules_by_symbol
from tests.config.files import Folder

HOUR_MS = 3_600_000


def spans(folder: Folder, channels: str, rules: str) -> dict[str, int]:
    config = folder.load(f"channels: {{{channels}}}\nrules: {{rules: {{{rules}}}}}\n")
    return picture_spans(config, rules_by_symbol(config.rules, None))


def rule(keys: str) -> str:
    return f"{{when: {{close: {{above: 1}}}}, {keys}}}"


PLAIN = "plain: json://localhost/plain"
PICTURES = "pictures: {url: json://localhost/pictures, chart: true}"
LONG = "long: {url: json://localhost/long, chart: {span: 12h}}"
BEHIND = "behind: {url: json://localhost/behind, fallback: pictures}"


@pytest.mark.parametrize(
    ("keys", "hours"),
    [
        ("notify: plain", 0),
        ("notify: pictures", 6),
        ("notify: long", 12),
        ("notify: [plain, pictures, long]", 12),
        ("notify: behind", 6),
        ("notify: [pictures, long], chart: false", 0),
        ("notify: plain, chart: true", 6),
        ("notify: pictures, enabled: false", 0),
    ],
)
def test_prices_are_kept_where_an_alert_may_show_them(folder: Folder, keys: str, hours: int):
    channels = f"{PLAIN}, {PICTURES}, {LONG}, {BEHIND}"
    found = spans(folder, channels, f"a: {rule(f'symbols: BTCUSDT, {keys}')}")
    assert found == ({"BTCUSDT": hours * HOUR_MS} if hours else {})


def test_the_rule_that_wants_the_most_decides(folder: Folder):
    rules = (
        f"a: {rule('symbols: [BTCUSDT, ETHUSDT], notify: plain')}, "
        f"b: {rule('symbols: [ETHUSDT, SOLUSDT], notify: pictures')}, "
        f"c: {rule('symbols: SOLUSDT, notify: long')}"
    )
    found = spans(folder, f"{PLAIN}, {PICTURES}, {LONG}", rules)
    assert found == {"ETHUSDT": 6 * HOUR_MS, "SOLUSDT": 12 * HOUR_MS}
