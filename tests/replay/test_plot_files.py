"""What pages of replays are made of: other people's files as they were published, and packed data."""

import base64
import gzip
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

import alertd
from alertd.replay.plot.packed import packed
from tests.replay.plots import page_of, swinging

VENDORED = files("alertd") / "vendored"


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        ("uPlot.iife.min.js", "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"),
        ("uPlot.min.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"),
        ("LICENSE", "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd"),
    ],
)
def test_a_vendored_file_is_as_it_was_published(name: str, sha256: str):
    assert hashlib.sha256((VENDORED / "uplot" / name).read_bytes()).hexdigest() == sha256


def test_the_version_that_is_written_down_is_the_one_that_is_there():
    (version,) = re.findall(r"\| uPlot, .*? \| ([\d.]+) \|", (VENDORED / "README.md").read_text())
    assert f"(v{version})" in (VENDORED / "uplot" / "uPlot.iife.min.js").read_text()[:100]


def test_no_script_of_a_page_can_end_the_tag_that_it_is_in():
    for file in Path(alertd.__file__).parent.rglob("*.js"):
        assert "</script" not in file.read_text(encoding="utf-8").lower(), file.name


def test_what_is_packed_can_be_read_again():
    value = {"symbol": "币安人生USDT", "closes": [0.1, 1e-7]}
    assert json.loads(gzip.decompress(base64.b64decode(packed(value)))) == value


def test_what_is_packed_means_nothing_to_html():
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", packed({"name": "</script>&\"'"}))


def test_the_same_replay_gives_the_same_page(tmp_path: Path):
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pages.append(page_of(tmp_path / name, [swinging("AUSDT", minutes=200)]).read_bytes())
    assert pages[0] == pages[1]
