"""For how long the exchange wants to be left alone, by what it answers to too many requests."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# 429 asks to slow down; 418 is the ban of who did not, "from 2 minutes to 3 days". Whatever says more
# is not the exchange. Source: Binance USDⓈ-M futures, "General Info", "Limits".
BAN_STATUSES = (418, 429)
USUAL_BAN_S = 120.0
_LONGEST_BAN_S = 3 * 24 * 3600.0


def retry_after_s(header: str | None) -> float | None:
    """Return the seconds from now that a Retry-After header asks for; None where it asks nothing.

    It may be a number of seconds or a date. Source: RFC 9110, section 10.2.3.
    """
    if not header:
        return None
    if header.isascii() and header.isdigit():
        # Ten digits are past any ban, and short enough to convert.
        return min(float(header[:10]), _LONGEST_BAN_S)
    try:
        due = parsedate_to_datetime(header)
        wait_s = (due.replace(tzinfo=due.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(wait_s, 0.0), _LONGEST_BAN_S)
