"""What of an engine must outlive a restart."""

from collections.abc import Mapping

import attrs

from alertd.engine.condition import Condition
from alertd.engine.ladder import Rungs
from alertd.engine.life import Life


@attrs.frozen
class Memory:
    """How a rule stood for a symbol.

    It is good for a rule of that name that still asks for the same `when`. `latched` and `rungs`
    are by the number of a comparison in it, in the order in which they are written.
    """

    rule: str
    symbol: str
    when: Condition
    life: Life
    latched: frozenset[int]
    rungs: Mapping[int, Rungs]
