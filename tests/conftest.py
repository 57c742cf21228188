"""What every room's tests share: the real market data, and the promise that nothing skips in CI."""

import os
import signal
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from alertd.journal.file import JournalFile

MUST_NOT_SKIP = os.environ.get("ALERTD_TESTS_MUST_NOT_SKIP") == "1"
# A shared machine may pause at any time, and nothing here is judged by the time that it takes.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

KLINES = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def klines_folder() -> Path:
    """Real 1-minute klines of 16 symbols, which are not part of the project."""
    if not KLINES.is_dir():
        pytest.skip("no real klines beside the project (../shared/data)")
    return KLINES


@pytest.fixture
def journal(tmp_path: Path) -> Generator[JournalFile]:
    """A journal's file that is open, for a daemon."""
    with closing(JournalFile(tmp_path / "alertd.db")) as file:
        file.open()
        yield file


@pytest.fixture(scope="session", autouse=True)
def _interrupts_reach_processes() -> None:
    """Processes inherit it if SIGINT is ignored here, as a shell does for what it runs in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if MUST_NOT_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped, and here nothing may: {report.longrepr}"
    return report
