"""`quiet:` into hours of the night, and what is important enough to break them."""

import attrs

from alertd.config.active import WrittenHours, hours_of
from alertd.config.structure import key, reader
from alertd.config.values import member_of
from alertd.delivery.channel import Quiet
from alertd.engine.rule import Severity


@attrs.frozen
class WrittenQuiet(WrittenHours):
    """Hours as `active` has them, and the least severity that is told in spite of them."""

    allow: Severity = key(member_of(Severity), default=Severity.CRITICAL)


_read_written = reader(WrittenQuiet)


def quiet_hours(value: object) -> Quiet:
    """Read a channel's quiet hours. Raises `WrongError`, or a group of them."""
    written = _read_written(value)
    return Quiet(hours_of(written), written.allow)
