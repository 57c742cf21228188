import shutil
from pathlib import Path

import pytest

from tests.crash.cutting import build


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ends a process at a chosen step."""
    if shutil.which("gcc") is None:
        pytest.skip("no gcc to build tests/crash/cut.c with")
    return build(tmp_path_factory.mktemp("cut"))
