from pathlib import Path

import pytest

from tests.rule_tests.files import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
