"""The log, at work."""

import logging
from collections.abc import Iterator

import pytest
import trio

from alertd.observers.log import LogObserver
from tests.logs.page import check_lines


@pytest.fixture(autouse=True)
def as_the_page_says(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold every line that a test writes against what docs/logs.md promises of it."""
    caplog.set_level(logging.DEBUG, "alertd")
    yield
    check_lines(caplog.get_records("call"))


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "alertd")
    return caplog


@pytest.fixture
async def log(nursery: trio.Nursery) -> LogObserver:
    """At work; whoever needs its time asks for a clock."""
    observer = LogObserver()
    nursery.start_soon(observer.work)
    return observer
