"""The picture of docs/pictures.md, drawn anew: an alert of the generated flash crash.

python -m tests.sample_picture docs/picture.png
"""

import sys
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from alertd.delivery.channel import Charting
from alertd.delivery.illustration import chart_of
from alertd.delivery.message import Message, compose
from alertd.drawing.chart import Chart
from alertd.drawing.png import draw
from alertd.engine.engine import Engine
from alertd.engine.prices import Prices
from alertd.market.past.rolling_day import mini_tickers
from alertd.market.past.scenarios import SCENARIOS, generate
from tests.engine.tickers import check_of, rule

_SYMBOL = "BTCUSDT"
_HOUR_MS = 3_600_000
_CHARTING = Charting(is_wanted=True, span_ms=2 * _HOUR_MS, zone=ZoneInfo("Europe/Berlin"))
_FLASH_CRASH = rule(check_of("close", "falls", "5%", within_s=300), name="flash-crash")


def sample_chart() -> Chart:
    """What the picture shows: the generated market, from an hour before it falls on."""
    (series,) = (it for it in generate(SCENARIOS["flash-crash"]) if it.symbol == _SYMBOL)
    engine, prices = Engine({_SYMBOL: [_FLASH_CRASH]}), Prices()
    prices.watch({_SYMBOL: _CHARTING.span_ms})
    newest = list(series.klines)[-120:-31]
    past = ((it.open_time_ms, float(it.close), float(it.low), float(it.high)) for it in newest)
    prices.fill(_SYMBOL, past)
    told: list[Message] = []
    for ticker in islice((it.ticker() for it in mini_tickers(series)), 22):
        alerts = engine.update(ticker)
        prices.take(ticker)
        told += [compose(alert, 57 + len(told), is_drawn=True) for alert in alerts]
    chart = chart_of(told[0], prices, _CHARTING)
    assert chart is not None
    return chart


def main() -> None:
    """Draw it into the file that is named."""
    Path(sys.argv[1]).write_bytes(draw(sample_chart(), width=720, height=480, dark=True))


if __name__ == "__main__":
    main()
