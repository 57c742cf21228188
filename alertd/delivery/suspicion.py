"""Whose fault a refusal is: the message's, or the destination's that refuses them all."""

from alertd.delivery.parcel import Parcel


class Suspicion:
    """Knows how many messages were taken, and before which of them others had been refused."""

    def __init__(self) -> None:
        self._taken = 0
        self._blamed_at = -1

    def acquit(self) -> None:
        """Take note that something was taken: the destination does not refuse everything."""
        self._taken += 1

    def suspect(self, parcel: Parcel) -> None:
        """Take note that all of it was refused; of a digest only a line may be at fault."""
        for each in parcel.several:
            each.taken_before = self._taken
            each.refusals += not parcel.is_digest

    def is_confirmed(self, parcel: Parcel) -> bool:
        """Tell whether all of it had been refused, and others were taken since, when it was again.

        After one was blamed, something has to be taken first: a destination that begins to refuse
        again must not cost all that it had refused before.
        """
        if self._taken == self._blamed_at:
            return False
        return all(
            each.taken_before is not None and each.taken_before < self._taken
            for each in parcel.several
        )

    def blame(self) -> None:
        """Take note that a message was blamed, and given up."""
        self._blamed_at = self._taken
