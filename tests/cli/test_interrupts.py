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


def test_sigterm_ends_it_with_its_status():
    with pytest.raises(SystemExit) as ended, folder_meanwhile("alertd-test-"):
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 143


def test_after_the_folder_sigterm_means_what_it_meant_before():
    before = signal.getsignal(signal.SIGTERM)
    with folder_meanwhile("alertd-test-"):
        pass
    assert signal.getsignal(signal.SIGTERM) == before
