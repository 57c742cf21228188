"""Signals wait, and are not lost."""

import signal

import pytest

from alertd.uninterrupted import uninterrupted


def test_ctrl_c_waits_until_it_is_over():
    done = False
    with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012 - it is the end that raises
        signal.raise_signal(signal.SIGINT)
        done = True
    assert done


def test_afterwards_signals_come_as_before():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with uninterrupted():
        assert {signal.SIGINT, signal.SIGTERM} <= signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
