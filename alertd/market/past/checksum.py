"""Checksums as the exchange's archive has them: a file beside each, which says what it must contain."""

import hashlib
import hmac
import re
from pathlib import Path

from alertd.market.past.klines import KlinesError

# Source: data.binance.vision, where BTCUSDT-1m-2025-05.zip.CHECKSUM is beside BTCUSDT-1m-2025-05.zip.
CHECKSUM = ".CHECKSUM"
# As sha256sum writes it: the digest, two blanks or a blank and a star, the name.
_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
# Names on disks have 255 bytes at most.
_LARGEST = 1024


def parse_checksum(content: bytes, name: str) -> str:
    """Return the SHA-256 that the file `name` must have, in lower case.

    Raises `ValueError`, which says what is wrong.
    """
    try:
        match = _LINE.fullmatch(content[:_LARGEST].decode("utf-8").rstrip("\r\n"))
    except UnicodeError:
        match = None
    if match is None:
        raise ValueError("no checksum: a line with a SHA-256 and a file's name is expected")
    if match[2] != name:
        raise ValueError(f"the checksum of {match[2]}, and not of {name}")
    return match[1].lower()


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256, read piece by piece. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(path: Path) -> None:
    """Raise `KlinesError` unless the file is what the checksum beside it says, if there is one."""
    beside = path.with_name(path.name + CHECKSUM)
    try:
        with beside.open("rb") as file:
            expected = parse_checksum(file.read(_LARGEST + 1), path.name)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else error
        raise KlinesError(f"{beside}: {what}: fetch it again, or remove it") from None
    try:
        found = sha256_of(path)
    except OSError as error:
        raise KlinesError(f"{path}: cannot be read ({error.strerror})") from None
    if not hmac.compare_digest(expected, found):
        raise KlinesError(
            f"{path}: SHA-256 {found[:8]}..., and its checksum says {expected[:8]}...:"
            " fetch the file again"
        )
