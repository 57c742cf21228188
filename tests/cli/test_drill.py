"""`alertd run --feed-url`: another market must not meddle with the journal of the real one."""

from pathlib import Path

import attrs
import pytest

from alertd.cli.common import elsewhere
from alertd.config.load import load_config
from alertd.config.model import Config, Record

CONFIG = """
channels: {desk: "json://127.0.0.1:9"}
rules: [{rules: {up: {symbols: BTCUSDT, when: {close: {above: 100}}, notify: desk}}}]
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG)
    return load_config(file, environment={})


def test_other_tickers_have_a_journal_of_their_own(config: Config, tmp_path: Path):
    drill = elsewhere(config, feed_url="ws://127.0.0.1:8765/market", rest_url=None)
    assert drill.journal == tmp_path / "state/drill.db"


def test_the_journal_stays_where_only_the_symbols_are_asked_for_elsewhere(config: Config):
    assert elsewhere(config, rest_url="http://127.0.0.1:8766").journal == config.journal


def test_a_journal_that_is_named_is_taken_for_a_drill_too(config: Config, tmp_path: Path):
    named = tmp_path / "named.db"
    url = "ws://127.0.0.1:8765/market"
    assert elsewhere(config, feed_url=url, rest_url=None, journal=named).journal == named


def test_a_drill_is_recorded_beside_the_recordings(config: Config):
    record = attrs.evolve(config, record=Record(Path("/tapes/real"), 5))
    drill = elsewhere(record, feed_url="ws://127.0.0.1:8765/market", rest_url=None)
    assert drill.record == Record(Path("/tapes/real-drill"), 5)
    assert elsewhere(record, rest_url="http://127.0.0.1:8766").record == record.record
