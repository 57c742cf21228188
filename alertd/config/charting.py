"""`chart:` of a channel into whether its alerts have pictures, and what those show."""

from datetime import tzinfo

import attrs

from alertd.config.active import time_zone
from alertd.config.mistakes import WrongError
from alertd.config.quantities import duration_between
from alertd.config.structure import key, reader
from alertd.config.wording import kind
from alertd.delivery.channel import PICTURE_SPAN_MS, Charting

LEAST_SPAN, MOST_SPAN = "30m", "24h"


@attrs.frozen
class WrittenCharting:
    """The long form: pictures are wanted, and these are their hours."""

    timezone: tzinfo | None = key(time_zone)
    span_ms: int = key(
        duration_between(LEAST_SPAN, MOST_SPAN), default=PICTURE_SPAN_MS, name="span"
    )


_read_long_form = reader(WrittenCharting)


def charting(value: object) -> Charting:
    """Read `true`, `false`, or a mapping of what the pictures show. Raises `WrongError`, or a group."""
    if isinstance(value, bool):
        return Charting(is_wanted=value)
    if not isinstance(value, dict):
        text = f"true, false or a mapping (timezone, span) is expected here, not {kind(value)}"
        raise WrongError(text)
    written = _read_long_form(value)
    return Charting(is_wanted=True, span_ms=written.span_ms, zone=written.timezone)
