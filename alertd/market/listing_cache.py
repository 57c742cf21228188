"""The last list of symbols on disk, for when the exchange's REST interface is out of reach."""

import os
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import msgspec

from alertd.market.listing import ListedSymbol, Listing
from alertd.market.venue import Venue

_NOT_FOR_FILES = re.compile(r"[^A-Za-z0-9.-]+")


class CacheError(Exception):
    """The machine's fault: the list cannot be kept, or what was kept is damaged. It says why."""


@attrs.frozen
class _Kept:
    """What the file holds."""

    market: str
    fetched_ms: int
    symbols: list[ListedSymbol]


_decoder = msgspec.json.Decoder(_Kept)


@attrs.frozen
class ListingCache:
    """The file that keeps a venue's listing."""

    path: Path
    market: str

    @classmethod
    def of(cls, venue: Venue, folder: Path) -> "ListingCache":
        """Return the venue's cache in a folder.

        The host is in its name: the list of a fire drill must not pass for the exchange's own.
        """
        address = urlsplit(venue.rest_url)
        host = f"{address.hostname}-{address.port}" if address.port else str(address.hostname)
        name = f"listing-{venue.name}-{_NOT_FOR_FILES.sub('-', host)}.json"
        return cls(folder / name, venue.name)

    def load(self) -> Listing | None:
        """Return the listing that was stored last, None where none was. Raises `CacheError`."""
        try:
            kept = _decoder.decode(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise CacheError(f"{self.path} cannot be read: {_reason(error)}") from None
        if kept.market != self.market:
            raise CacheError(f"{self.path} is of another market: {kept.market}")
        return Listing(kept.market, kept.fetched_ms, {it.name: it for it in kept.symbols})

    def store(self, listing: Listing) -> None:
        """Keep the listing in place of the last one, whole or not at all. Raises `CacheError`."""
        kept = _Kept(listing.market, listing.fetched_ms, list(listing.symbols.values()))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.path, msgspec.json.encode(kept))
        except OSError as error:
            raise CacheError(f"{self.path} cannot be written: {_reason(error)}") from None


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, then take its place.

    Nothing is forced to the disk: that can take seconds in which no tick would be read, and what a
    power cut leaves of a list is told from a whole one when it is loaded.
    """
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(written).replace(path)
    finally:
        Path(written).unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)
