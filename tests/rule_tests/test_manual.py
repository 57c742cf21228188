"""The manual's examples, docs/testing-rules.md, are what they say they are."""

import re
import shutil
from pathlib import Path
from textwrap import indent

from alertd.rule_tests.reading import read_suite
from alertd.rule_tests.running import run_suite
from tests.rule_tests.files import Bench

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "testing-rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)


def test_the_first_example_passes(tmp_path: Path):
    shutil.copy(ROOT / "rules" / "majors.yaml", tmp_path)
    (tmp_path / "majors.test.yaml").write_text(BLOCKS[0], encoding="utf-8")
    assert run_suite(read_suite(tmp_path / "majors.test.yaml")).passed


def test_the_ticks_and_alerts_that_it_shows_can_be_written_so(bench: Bench):
    keys = indent("name: a\nsymbol: BTCUSDT\n" + BLOCKS[1] + BLOCKS[2], "    ")
    bench.write(
        f"tests:\n  -\n{keys}",
        "rules:\n"
        "  band: {symbols: BTCUSDT, when: {close: {between: [98000, 99000]}}}\n"
        "  wide-day: {symbols: ETHUSDT, when: {close: {above: 1}}}\n",
    )
    (test,) = read_suite(bench.tests).tests
    assert len(test.tickers) > 1000
