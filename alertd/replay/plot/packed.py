"""What a page's script reads: values as JSON, packed into letters that mean nothing to HTML."""

import base64
import gzip

import msgspec


def packed(value: object) -> str:
    """Return JSON, gzipped, as base64: a tenth of its size, and no name in it can end a tag.

    The same value always gives the same text.
    """
    return base64.b64encode(gzip.compress(msgspec.json.encode(value), mtime=0)).decode()
