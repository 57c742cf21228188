"""Ctrl-C, once and twice."""

import signal
from pathlib import Path

import pytest

from alertd.cli.interrupts import Interrupts, folder_meanwhile, interrupts_noted


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


@pytest.mark.parametrize(
    ("number", "ends"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_a_folder_for_the_time_being_is_gone_whatever_ends_it(
    number: signal.Signals, ends: type[BaseException]
):
    places: list[Path] = []

    def work() -> None:
        with folder_meanwhile("alertd-test-") as folder:
            places.append(folder)
            (folder / "file").touch()
            signal.raise_signal(number)

    with pytest.raises(ends):
        work()
    (place,) = places
    assert not place.exists()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_sigterm_and_a_terminal_that_is_closed_end_it_with_their_status(
    number: signal.Signals, status: int
):
    with pytest.raises(SystemExit) as ended, folder_meanwhile("alertd-test-"):
        signal.raise_signal(number)
    assert ended.value.code == status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_what_the_shell_has_it_ignore_is_ignored(number: signal.Signals):
    before = signal.signal(number, signal.SIG_IGN)
    noted = Interrupts()
    try:
        with folder_meanwhile("alertd-test-"), interrupts_noted(noted):
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)
    assert noted.number is None


def test_after_the_folder_sigterm_means_what_it_meant_before():
    before = signal.getsignal(signal.SIGTERM)
    with folder_meanwhile("alertd-test-"):
        pass
    assert signal.getsignal(signal.SIGTERM) == before
