"""What of an engine must outlive a restart."""

from collections.abc import Mapping

import attrs

from alertd.engine.ladder import Rungs
from alertd.engine.life import Life


@attrs.frozen
class Memory:
    """How a rule stood for a symbol.

    It is good for a rule of that name that still asks for the same, which `asked` says in words.
    `latched` and `rungs` are by the number of a comparison in its condition, as they are written.
    """

    rule: str
    symbol: str
    asked: str
    life: Life
    latched: frozenset[int]
    rungs: Mapping[int, Rungs]
