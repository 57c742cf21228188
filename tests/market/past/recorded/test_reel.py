"""Reading a recording: all that is right, and one clear line for what is not."""

import pickle
import re
from pathlib import Path

import pytest

from alertd.market.past.klines import KlinesError
from alertd.market.past.recorded.form import lines_of
from alertd.market.past.recorded.reel import parted, recording_reel, warnings_of
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.market.past.recorded.zstandard import zstd
from alertd.market.past.reels import find_reels
from tests.market.past.recorded.recordings import HOUR_S, pack, read, record, reel, tick

MANY = [tick(number, f"S{number % 7}USDT") for number in range(2000)]


def unended(folder: Path) -> bytes:
    """A file as it is after three flushes, before it has an end: the last began at `flushed`."""
    writer = RecordingWriter(folder)
    for number in range(3):
        writer.write(MANY[number * 100 : number * 100 + 100], HOUR_S + 5 * number)
    (path,) = folder.iterdir()
    return path.read_bytes()


def test_files_are_played_in_the_order_of_time_wherever_they_are(tmp_path: Path):
    later = record(tmp_path / "a", [tick(2000)], at_s=HOUR_S + 3600)
    earlier = record(tmp_path / "b", [tick(0)])
    assert read(later, earlier) == [tick(0), tick(2000)]


def test_files_whose_names_are_by_a_clock_that_was_set_back_are_played_in_the_order_of_time(
    tmp_path: Path,
):
    writer = RecordingWriter(tmp_path)
    for number, ahead_s in enumerate((3600, 3600, 0, 0)):
        writer.write([tick(60 * number)], HOUR_S + 120 * number + ahead_s)
    writer.end()
    assert len(list(tmp_path.iterdir())) == 2
    assert read(tmp_path) == [tick(60 * number) for number in range(4)]


def test_a_file_whose_first_line_is_nonsense_is_said_when_it_is_played(tmp_path: Path):
    good, bad = record(tmp_path, [tick(0)]), pack(tmp_path / "bad.jsonl.zst", b"{}\n")
    recording = recording_reel([good, bad])
    with pytest.raises(KlinesError, match=r"bad\.jsonl\.zst:1: no mini ticker"):
        list(recording.tickers())


def test_it_can_be_sent_to_another_process(tmp_path: Path):
    sent = pickle.loads(pickle.dumps(reel(record(tmp_path, MANY))))  # noqa: S301 - our own
    assert list(sent.tickers()) == MANY


def test_it_is_read_anew_each_time(tmp_path: Path):
    recording = reel(record(tmp_path, MANY))
    assert list(recording.tickers()) == list(recording.tickers()) == MANY


def test_its_parts_have_each_symbol_once_and_in_its_order(tmp_path: Path):
    parts = reel(record(tmp_path, MANY)).parts(3)
    played = [list(part.tickers()) for part in parts]
    assert sum(map(len, played)) == len(MANY)
    for symbol in {ticker.symbol for ticker in MANY}:
        (whole,) = [it for it in played if any(ticker.symbol == symbol for ticker in it)]
        assert [it for it in whole if it.symbol == symbol] == [
            it for it in MANY if it.symbol == symbol
        ]


def test_a_part_is_not_parted_again(tmp_path: Path):
    first, _ = reel(record(tmp_path, MANY)).parts(2)
    assert first.parts(4) == (first,)


def test_a_recording_is_parted_for_processes_and_klines_stay_whole(
    tmp_path: Path, klines_folder: Path
):
    recording = reel(record(tmp_path, MANY))
    (klines,) = find_reels([str(klines_folder)], symbols=["BTCUSDT"])
    assert parted([recording, klines], 2) == (*recording.parts(2), klines)
    assert parted([recording, klines], 1) == (recording, klines)


def test_what_is_to_be_known_of_files_is_said_once(tmp_path: Path):
    path = tmp_path / "cut.jsonl.zst"
    path.write_bytes(unended(tmp_path / "whole")[:-5])
    assert warnings_of(reel(path).parts(2)) == reel(path).warnings != ()


def test_which_part_a_symbol_is_in_is_the_same_in_every_process(tmp_path: Path):
    symbols = [tick(0, "BTCUSDT"), tick(1, "ETHUSDT")]
    parts = [list(it.tickers()) for it in reel(record(tmp_path, symbols)).parts(2)]
    assert [[ticker.symbol for ticker in part] for part in parts] == [["ETHUSDT"], ["BTCUSDT"]]


def test_only_the_symbols_that_are_wanted_are_played(tmp_path: Path):
    path = record(tmp_path, [*MANY, tick(3000, "币安人生USDT")])
    wanted = recording_reel([path], symbols=["S3USDT", "币安人生USDT"])
    assert {ticker.symbol for ticker in wanted.tickers()} == {"S3USDT", "币安人生USDT"}


def test_only_the_time_that_is_wanted_is_played(tmp_path: Path):
    path = record(tmp_path, MANY)
    start_ms, end_ms = MANY[500].time_ms, MANY[600].time_ms
    wanted = recording_reel([path], start_ms=start_ms, end_ms=end_ms)
    assert list(wanted.tickers()) == MANY[500:600]


def test_numbers_may_be_texts_and_keys_in_any_order(tmp_path: Path):
    line = (
        b'{"E":1795363200000,"s":"BTCUSDT","e":"24hrMiniTicker","c":"100.25","o":"99.1","h":"120",'
    )
    line += b'"l":"80","v":"1234.567","q":"0.30000000000000004","st":1}'
    path = pack(tmp_path / "wire.jsonl.zst", line)
    assert read(path) == [tick(0)]
    assert list(recording_reel([path], symbols=["BTCUSDT"]).tickers()) == [tick(0)]
    assert list(recording_reel([path], symbols=["ETHUSDT"]).tickers()) == []


def test_at_whichever_byte_a_file_is_cut_all_before_the_last_flush_is_played(tmp_path: Path):
    data = unended(tmp_path / "whole")
    path = tmp_path / "cut.jsonl.zst"
    counts = []
    for end in range(0, len(data), 7):
        path.write_bytes(data[:end])
        tickers = read(path)
        assert tickers == MANY[: len(tickers)]
        counts.append(len(tickers))
    assert counts == sorted(counts)
    path.write_bytes(data)
    assert read(path) == MANY[:300]


def test_an_end_that_is_torn_is_said(tmp_path: Path):
    path = tmp_path / "cut.jsonl.zst"
    path.write_bytes(unended(tmp_path / "whole")[:-5])
    assert reel(path).warnings == (
        f"{path}: its last seconds may be missing: it is still being written, or was cut off",
    )


@pytest.mark.parametrize("garbage", [b"\0" * 5000, b"\xff" * 5000, b"zstd no more" * 400])
def test_what_a_power_cut_left_at_the_end_is_not_played(garbage: bytes, tmp_path: Path):
    path = tmp_path / "cut.jsonl.zst"
    path.write_bytes(unended(tmp_path / "whole") + garbage)
    assert read(path) == MANY[:300]


def test_a_line_that_is_nonsense_in_a_torn_end_is_the_end(tmp_path: Path):
    compressor = zstd.ZstdCompressor()
    data = compressor.compress(lines_of(MANY[:10]) + b"\0\0\0\n", compressor.FLUSH_BLOCK)
    path = tmp_path / "cut.jsonl.zst"
    path.write_bytes(data)
    assert read(path) == MANY[:10]


def test_a_file_that_is_written_on_is_played_as_far_as_it_has_come(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    writer.write([tick(0)], HOUR_S)
    recording = reel(tmp_path)
    for number in range(1, 4):
        writer.write([tick(number)], HOUR_S + 60 * number)
    assert list(recording.tickers()) == [tick(0), tick(1), tick(2), tick(3)]
    writer.end()


def test_a_whole_file_has_nothing_to_warn_of(tmp_path: Path):
    assert reel(record(tmp_path, MANY)).warnings == ()


def test_an_empty_file_has_no_tickers(tmp_path: Path):
    path = tmp_path / "empty.jsonl.zst"
    path.touch()
    assert read(path) == []


def refusal(path: Path) -> str:
    """What is said of a file that cannot be played."""
    with pytest.raises(KlinesError) as caught:
        read(path)
    return str(caught.value).removeprefix(str(path))


def test_damage_before_the_end_is_an_error(tmp_path: Path):
    path = pack(tmp_path / "bad.jsonl.zst", lines_of(MANY[:100]), lines_of(MANY[100:200]))
    data = bytearray(path.read_bytes())
    data[50:60] = bytes(10)
    path.write_bytes(data)
    assert re.match(r": it is damaged (at|before) byte \d+", refusal(path))


def test_a_single_bit_that_has_turned_is_an_error(tmp_path: Path):
    path = record(tmp_path, MANY)
    data = bytearray(path.read_bytes())
    for place in range(20, len(data) - 20, len(data) // 40):
        data[place] ^= 1
        path.write_bytes(data)
        assert refusal(path)
        data[place] ^= 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"e":"kline"}', ":3: no mini ticker: Invalid value 'kline' - at `$.e`"),
        (b"time,open", ":3: no mini ticker: JSON is malformed"),
        (
            lines_of([tick(5)]).replace(b'"h":120.0', b'"h":12.0'),
            ":3: no mini ticker: the high, 12.0",
        ),
    ],
)
def test_a_line_that_is_no_ticker_is_said_with_its_place(line: bytes, said: str, tmp_path: Path):
    path = pack(
        tmp_path / "x.jsonl.zst", lines_of(MANY[:2]) + line.strip() + b"\n" + lines_of(MANY[2:4])
    )
    assert refusal(path).startswith(said)


def test_a_file_that_is_not_zstandard_is_no_recording(tmp_path: Path):
    path = tmp_path / "x.jsonl.zst"
    path.write_bytes(lines_of(MANY))
    assert refusal(path) == ": no recording: it is not compressed by Zstandard"


def test_an_endless_line_is_not_unpacked(tmp_path: Path):
    path = pack(tmp_path / "bomb.jsonl.zst", bytes(50_000_000))
    assert path.stat().st_size < 5000
    assert refusal(path) == ":1: a line of more than 4096 bytes"


def test_a_frame_that_wants_too_much_memory_is_refused(tmp_path: Path):
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    compressor = zstd.ZstdCompressor(options=options)
    path = tmp_path / "greedy.jsonl.zst"
    path.write_bytes(compressor.compress(lines_of(MANY)) + compressor.flush())
    assert "requires too much memory" in refusal(path)


def test_a_file_that_is_gone_is_said_so(tmp_path: Path):
    path = record(tmp_path, MANY)
    recording = reel(path)
    path.unlink()
    with pytest.raises(KlinesError, match="no such file"):
        list(recording.tickers())
    assert refusal(path) == ": no such file or directory"


def test_what_a_restarted_process_recorded_again_is_played_once(tmp_path: Path):
    first = record(tmp_path, [tick(0), tick(1), tick(2)])
    second = record(tmp_path, [tick(1), tick(2), tick(3), tick(2, "ETHUSDT")], at_s=HOUR_S + 8)
    assert read(first, second) == [tick(0), tick(1), tick(2), tick(3), tick(2, "ETHUSDT")]


def test_two_recordings_of_one_time_are_refused(tmp_path: Path):
    first = record(tmp_path, [tick(0), tick(100)])
    second = record(tmp_path, [tick(50)], at_s=HOUR_S + 200)
    with pytest.raises(KlinesError, match="leave out one of two recordings"):
        read(first, second)


def test_a_market_that_turned_back_while_it_was_recorded_is_played_as_it_was(tmp_path: Path):
    tickers = [tick(500), tick(0), tick(1)]
    assert read(record(tmp_path, tickers)) == tickers


def test_its_size_is_shared_by_its_parts(tmp_path: Path):
    path = record(tmp_path, MANY)
    size = path.stat().st_size
    assert reel(path).size == size
    assert [part.size for part in reel(path).parts(2)] == [size // 2, size // 2]
