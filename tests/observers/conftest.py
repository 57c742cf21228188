"""The log, at work."""

import logging

import pytest
import trio

from alertd.observers.log import LogObserver


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
