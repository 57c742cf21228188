"""Ctrl-C, once and twice."""

import signal

import pytest

from alertd.cli.interrupts import Interrupts, interrupts_noted


def test_the_first_is_noted_and_nothing_is_interrupted():
    noted = Interrupts()
    with interrupts_noted(noted):
        signal.raise_signal(signal.SIGINT)
        assert noted.number == signal.SIGINT
    assert noted.status == 130


def test_sigterm_is_noted_too():
    noted = Interrupts()
    with interrupts_noted(noted):
        signal.raise_signal(signal.SIGTERM)
    assert noted.status == 143


def test_the_second_ends_it_as_it_always_does():
    with interrupts_noted(Interrupts()):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_afterwards_signals_mean_what_they_meant_before():
    before = signal.getsignal(signal.SIGTERM)
    noted = Interrupts()
    with interrupts_noted(noted):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
    assert noted.status == 0
