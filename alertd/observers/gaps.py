"""What is told of gaps: that somebody looks into them, and what was found."""

import attrs

from alertd.engine.touched import Touched


@attrs.frozen
class GapNoticed:
    """A symbol is seen again after a while; what happened meanwhile is asked for."""

    symbol: str


@attrs.frozen
class GapsLookedInto:
    """What was found of symbols' gaps: of some it is `known`, of others it stays `unknown`.

    `touched` are the levels that the price touched and no rule has told of; the longest gap lasted for `for_s`.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    touched: tuple[Touched, ...]
    for_s: float


GapEvent = GapNoticed | GapsLookedInto
