"""The last list of symbols on disk, in real files."""

from pathlib import Path

import attrs
import pytest

from alertd.market.exchange_info import parse_exchange_info
from alertd.market.listing_cache import CacheError, ListingCache
from alertd.market.venue import COINM, USDM
from tests.market.rest_servers import listing_of, real_exchange_info


@pytest.fixture
def cache(tmp_path: Path) -> ListingCache:
    return ListingCache.of(USDM, tmp_path / "state")


def test_what_is_stored_is_loaded_again(cache: ListingCache, klines_folder: Path):
    listing = parse_exchange_info(real_exchange_info(klines_folder), market="usdm", fetched_ms=7)
    cache.store(listing)
    assert cache.load() == listing


def test_the_last_one_stored_counts(cache: ListingCache):
    cache.store(listing_of("BTCUSDT", fetched_ms=1))
    cache.store(listing_of("ETHUSDT", fetched_ms=2))
    assert cache.load() == listing_of("ETHUSDT", fetched_ms=2)


def test_nothing_is_left_beside_the_file(cache: ListingCache):
    cache.store(listing_of("BTCUSDT"))
    assert list(cache.path.parent.iterdir()) == [cache.path]


def test_where_nothing_was_stored_there_is_none(cache: ListingCache):
    assert cache.load() is None


def test_each_market_and_each_exchange_has_a_file_of_its_own(tmp_path: Path):
    local = attrs.evolve(USDM, rest_url="http://me:secret@127.0.0.1:8766/x")
    names = [ListingCache.of(venue, tmp_path).path.name for venue in (USDM, COINM, local)]
    assert names == [
        "listing-usdm-fapi.binance.com.json",
        "listing-coinm-dapi.binance.com.json",
        "listing-usdm-127.0.0.1-8766.json",
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"market": "usdm"}', b"\xff\x00" * 99, b'{"market":' + b"[" * 99999],
)
def test_a_damaged_file_says_so(cache: ListingCache, content: bytes):
    cache.path.parent.mkdir()
    cache.path.write_bytes(content)
    with pytest.raises(CacheError, match=r"fapi.binance.com.json cannot be read: "):
        cache.load()


def test_half_a_file_is_a_damaged_one(cache: ListingCache):
    cache.store(listing_of("BTCUSDT", "ETHUSDT"))
    whole = cache.path.read_bytes()
    cache.path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CacheError):
        cache.load()


def test_a_file_of_another_market_is_not_taken(cache: ListingCache):
    cache.store(attrs.evolve(listing_of("BTCUSDT"), market="spot"))
    with pytest.raises(CacheError, match="of another market: spot"):
        cache.load()


def test_a_folder_in_the_files_place_is_said_to_be_one(cache: ListingCache):
    cache.path.mkdir(parents=True)
    with pytest.raises(CacheError, match="cannot be read: is a directory"):
        cache.load()


def test_a_place_that_cannot_be_written_is_said_to_be_one(tmp_path: Path):
    (tmp_path / "state").write_text("a file, not a folder")
    cache = ListingCache.of(USDM, tmp_path / "state")
    with pytest.raises(CacheError, match="cannot be written: "):
        cache.store(listing_of("BTCUSDT"))


def test_a_store_that_fails_leaves_the_last_list_and_nothing_else(cache: ListingCache):
    cache.path.mkdir(parents=True)
    (cache.path / "in the way").touch()
    with pytest.raises(CacheError, match="cannot be written: is a directory"):
        cache.store(listing_of("BTCUSDT"))
    assert list(cache.path.parent.iterdir()) == [cache.path]
