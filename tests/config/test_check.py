import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alertd.cli import main
from tests.config.files import HEAD, RULE, Folder

DATA = Path(__file__).parents[1] / "data"
TOKEN = "123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFGH"
GOOD = ["--config", str(DATA / "everything.good.yaml"), "--offline"]
UNCHECKED = "warning: symbols are not checked: no list of them is on disk either\n"


def check(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], env=environment, catch_exceptions=False)


def test_a_sound_configuration_is_summed_up_with_status_0():
    result = check(*GOOD, TELEGRAM_TOKEN=TOKEN)
    assert (result.exit_code, result.stderr) == (0, UNCHECKED)
    assert result.stdout.startswith("4 rules (1 disabled)\n")
    assert result.stdout.endswith("No mistakes.\n")


def test_a_rule_is_told_in_words():
    lines = check(*GOOD, TELEGRAM_TOKEN=TOKEN).stdout
    assert (
        "  crossings\n"
        "    when    close crosses above 100000 and quote_volume above 50M\n"
        "    life    at most every 1h30m\n"
        "    on      BTCUSDT\n"
        "    tells   phone (Telegram); info\n"
    ) in lines


def test_what_a_channel_does_is_told_in_words():
    told = " ".join(check(*GOOD, TELEGRAM_TOKEN=TOKEN).stdout.partition("3 channels:")[2].split())
    assert told.startswith(
        "phone Telegram (20 a minute) desk JSON (60 a minute); pictures of 6h "
        "both JSON (30 a minute), JSON 2 (30 a minute); warning and above; "
        "merged when more than 10 wait; quiet mon-fri 22:00-24:00, 00:00-07:00 Europe/Berlin below "
        "critical; pictures of 1h30m; else phone alertd itself: "
    )


def test_a_service_that_takes_no_pictures_is_told_where_they_are_asked_for(tmp_path: Path):
    config = tmp_path / "config.yaml"
    config.write_text(
        "channels:\n"
        "  desk: {url: slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ, chart: true}\n"
        "  bot: {url: slack://xoxb-1234567890-1234567890-4ddbc191d40ee098/%23a, chart: true}\n"
        "rules: {rules: {a: {symbols: BTCUSDT, notify: desk, when: {close: {above: 1}}}}}\n"
    )
    told = check("--config", str(config), "--offline").stdout
    assert "desk  Slack (60 a minute, takes no pictures); pictures of 6h" in told
    assert "bot   Slack (60 a minute); pictures of 6h" in told


def test_what_alertd_does_about_itself_is_told():
    lines = check(*GOOD, TELEGRAM_TOKEN=TOKEN).stdout.splitlines()
    assert "alertd itself: phone" in lines
    assert f"journal: {DATA / 'journal' / 'alertd.db'}, kept for 30d" in lines
    assert f"recording: into {DATA / 'recordings'}, kept for 14d" in lines
    assert "heartbeat: every 5m" in lines


def test_that_nobody_hears_of_alertd_itself_is_a_warning(folder: Folder):
    file = folder.write("config.yaml", f"{HEAD}rules: {{rules: {{a: {RULE}}}}}")
    result = check("--config", str(file), "--offline")
    assert result.exit_code == 0
    assert f"warning: {file}: `system` is missing: nobody is told when" in result.stderr
    assert "\nalertd itself: nobody is told\n" in result.stdout


def test_a_band_is_told_with_its_unit_and_the_time_it_must_hold():
    words = " ".join(check(*GOOD, TELEGRAM_TOKEN=TOKEN).stdout.split())
    assert "and range_percent between 1 and 12.5% and range_percent outside -2500 to -1%" in words
    assert "life held for 500ms; without a picture on" in words


def test_a_rule_whose_time_is_over_is_a_mistake_also_where_symbols_are_not_checked(folder: Folder):
    rule = RULE.replace("notify", "expires: 2020-01-01T00:00Z, notify")
    file = folder.write("config.yaml", f"{HEAD}rules: {{rules: {{old: {rule}}}}}")
    result = check("--config", str(file), "--offline")
    assert result.exit_code == 2
    assert f"{file}:2:77: this time has passed: the rule never fires again\n" in result.stderr


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_no_secret_is_in_the_summary(options: list[str]):
    result = check(*GOOD, *options, TELEGRAM_TOKEN=TOKEN)
    assert TOKEN not in result.output
    assert TOKEN.partition(":")[2] not in result.output


def test_the_summary_is_data_where_that_is_asked_for():
    data = json.loads(check(*GOOD, "--json", TELEGRAM_TOKEN=TOKEN).stdout)
    assert data["ok"] is True
    assert data["symbols"] == ["BTCUSDT", "BTCUSDT_261225", "币安人生USDT"]
    assert data["listing"] is None
    assert [channel["name"] for channel in data["channels"]] == ["phone", "desk", "both"]
    assert data["channels"][2] == {
        "name": "both",
        "services": ["JSON", "JSON 2"],
        "rates": [{"times": 30, "seconds": 60}] * 2,
        "digest_over": 10,
        "min_severity": "warning",
        "quiet": {
            "hours": "mon-fri 22:00-24:00, 00:00-07:00 Europe/Berlin",
            "allow": "critical",
        },
        "fallback": "phone",
        "picture_ms": 5_400_000,
    }
    assert data["channels"][0]["rates"] == [{"times": 20, "seconds": 60}]
    assert (data["system"], data["keep_ms"]) == (["phone"], 30 * 86_400_000)
    assert data["journal"].endswith("tests/data/journal/alertd.db")
    assert data["record"].endswith("tests/data/recordings")
    assert data["heartbeat_every_ms"] == 300_000
    assert data["rules"][1] == {
        "name": "crossings",
        "enabled": True,
        "patterns": ["BTCUSDT"],
        "exclude": [],
        "symbols": ["BTCUSDT"],
        "when": "close crosses above 100000 and quote_volume above 50M",
        "for_ms": 0,
        "keep_firing_for_ms": 0,
        "cooldown_ms": 5_400_000,
        "repeat_ms": None,
        "once": False,
        "expires_ms": None,
        "active": None,
        "severity": "info",
        "notify": ["phone"],
        "notify_resolved": False,
        "chart": None,
        "now": None,
    }


def test_mistakes_are_lines_on_standard_error_with_status_2():
    file = DATA / "market.bad.yaml"
    result = check("--config", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[0] == f"{file}:5:9: unknown: `usdM` (did you mean `usdm`?)"


def test_mistakes_are_data_as_well_where_that_is_asked_for():
    file = DATA / "market.bad.yaml"
    result = check("--config", str(file), "--json")
    data = json.loads(result.stdout)
    assert (result.exit_code, data["ok"]) == (2, False)
    assert data["mistakes"][0] == {
        "file": str(file),
        "line": 5,
        "column": 9,
        "text": "unknown: `usdM` (did you mean `usdm`?)",
    }


def test_without_any_configuration_it_says_where_it_looked(folder: Folder):
    result = subprocess.run(
        [sys.executable, "-m", "alertd", "check"],
        cwd=folder.path,
        env={**os.environ, "PYTHONPATH": str(DATA.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr == (
        "config.yaml: there is no such file, nor /etc/alertd/config.yaml: "
        "name one with --config FILE\n"
    )


def test_a_number_is_never_written_with_an_exponent(folder: Folder):
    rule = RULE.replace("above: 1", "above: 0.00001")
    file = folder.write("config.yaml", f"{HEAD}rules: {{rules: {{a: {rule}}}}}")
    assert "close above 0.00001\n" in check("--config", str(file), "--offline").stdout
