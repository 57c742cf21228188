"""Fixtures of the feed's tests."""

import resource
from collections.abc import Iterator

import pytest

_SOCKETS = 4096


@pytest.fixture
def many_sockets() -> Iterator[None]:
    """Let this process have both ends of several hundred connections, and of their successors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _SOCKETS if hard == resource.RLIM_INFINITY else min(_SOCKETS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
