"""The unit file, by systemd's own judgement."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alertd.daemon import DRAIN_S

UNIT = Path(__file__).parents[1] / "systemd" / "alertd.service"


def test_systemd_accepts_the_unit(tmp_path: Path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    # The program's place on this machine, because it must exist for the unit to be accepted.
    here = UNIT.read_text().replace(
        "/usr/local/bin/alertd", f"{Path(sys.executable).parent}/alertd"
    )
    (tmp_path / "alertd.service").write_text(here)
    verdict = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "alertd.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.stderr == ""
    assert verdict.returncode == 0


def test_the_unit_grants_more_time_to_stop_than_the_daemon_takes():
    (granted,) = [line for line in UNIT.read_text().splitlines() if "TimeoutStopSec=" in line]
    assert float(granted.partition("=")[2]) > 2 * DRAIN_S


def test_the_unit_reloads_by_the_signal_that_the_daemon_heeds():
    assert "ExecReload=/bin/kill -HUP $MAINPID" in UNIT.read_text().splitlines()
