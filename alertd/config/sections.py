"""Sections whose keys have something to do with each other: `feed`, `heartbeat` and `record`."""

import attrs

from alertd.config.files import RECORDINGS, folder_name
from alertd.config.mistakes import WrongError
from alertd.config.model import Feed, Heartbeat, Record
from alertd.config.structure import reader
from alertd.config.wording import shown
from alertd.engine.words import duration_in_words

_read_feed = reader(Feed)
_read_heartbeat = reader(Heartbeat)
_read_record = reader(Record)


def read_feed(value: object) -> Feed:
    """Read the feed's section. Raises a group of `WrongError`.

    Silence cannot be worth an alert before it is looked into: `alert_after` is at least
    `stale_after`, and follows it where it is not written.
    """
    feed = _read_feed(value)
    if feed.alert_after_ms >= feed.stale_after_ms:
        return feed
    if not isinstance(value, dict) or "alert_after" not in value:
        return attrs.evolve(feed, alert_after_ms=feed.stale_after_ms)
    stale = duration_in_words(feed.stale_after_ms)
    text = f"{shown(value['alert_after'])} is less than `stale_after`, which is {stale}"
    raise WrongError(text, ("alert_after",))


def read_heartbeat(value: object) -> Heartbeat:
    """Read the heartbeat's section. Raises `WrongError`, or a group of them."""
    heartbeat = _read_heartbeat(value)
    if not heartbeat.url:
        raise WrongError("`url` is missing: the address that is called", on_key=True)
    return heartbeat


def read_record(value: object) -> Record | None:
    """Read where tickers are recorded: a folder, with or without more keys, or `off`.

    Raises `WrongError`, or a group of them.
    """
    if value == "off":
        return None
    if isinstance(value, bool):
        raise WrongError(f"a folder like {RECORDINGS} is expected here, or off")
    if not isinstance(value, dict):
        return Record(folder=folder_name(value))
    record = _read_record(value)
    if record.folder is None:
        raise WrongError("`folder` is missing: where the recordings are kept", on_key=True)
    return record
