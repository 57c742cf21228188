"""Files that are meant by what a person names, among things that are none."""

import os
from pathlib import Path

import pytest

from alertd.market.past.found import find_files
from alertd.market.past.klines import KlinesError

ENDINGS = (".csv", ".zip")


def found(*paths: Path) -> list[Path]:
    return find_files([str(path) for path in paths], ENDINGS)


def test_a_folder_is_searched_deeply_and_what_is_no_kline_file_is_left(tmp_path: Path):
    files = [tmp_path / "a" / "b" / "XUSDT.csv", tmp_path / "YUSDT.ZIP"]
    for file in (*files, tmp_path / "README.md"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert found(tmp_path) == sorted(files)


def test_a_folder_may_be_called_like_a_file(tmp_path: Path):
    folder = tmp_path / "XUSDT.csv"
    folder.mkdir()
    (folder / "YUSDT.csv").touch()
    assert found(tmp_path) == [folder / "YUSDT.csv"]


def test_a_link_that_leads_back_is_not_followed(tmp_path: Path):
    (tmp_path / "XUSDT.csv").touch()
    (tmp_path / "again").symlink_to(tmp_path)
    assert found(tmp_path) == [tmp_path / "XUSDT.csv"]


def test_a_folder_may_be_named_by_a_link(tmp_path: Path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "XUSDT.csv").touch()
    (tmp_path / "here").symlink_to(tmp_path / "there")
    assert found(tmp_path / "here") == [tmp_path / "here" / "XUSDT.csv"]


@pytest.mark.parametrize("named", ["XUSDT.csv", ".", "*.csv"])
def test_a_pipe_which_nobody_writes_into_is_not_waited_for(tmp_path: Path, named: str):
    os.mkfifo(tmp_path / "XUSDT.csv")
    with pytest.raises(KlinesError, match=r"XUSDT\.csv: a pipe or a device: files are expected"):
        found(tmp_path / named)


def test_a_link_to_a_device_is_no_file(tmp_path: Path):
    (tmp_path / "XUSDT.csv").symlink_to("/dev/zero")
    with pytest.raises(KlinesError, match="a pipe or a device"):
        found(tmp_path)


@pytest.mark.parametrize("named", ["XUSDT.csv", ".", "X*"])
@pytest.mark.parametrize("target", ["nothing", "XUSDT.csv"])
def test_a_link_that_leads_nowhere_or_to_itself_is_said(tmp_path: Path, target: str, named: str):
    (tmp_path / "XUSDT.csv").symlink_to(target)
    with pytest.raises(KlinesError, match=r"XUSDT\.csv: cannot be read \((No such|Too many)"):
        found(tmp_path / named)


def test_a_file_may_be_called_like_a_glob(tmp_path: Path):
    (tmp_path / "XUSDT[1].csv").touch()
    assert found(tmp_path / "XUSDT[1].csv") == [tmp_path / "XUSDT[1].csv"]
