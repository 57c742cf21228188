"""Whose fault a refusal is: the message's, or the destination's that refuses them all."""

from alertd.delivery.parcel import Parcel


class Suspicion:
    """Suspects what was refused, and blames one message at most until another is taken."""

    def __init__(self) -> None:
        self._may_blame = True

    def acquit(self) -> None:
        """Take note that something was taken: the destination does not refuse everything."""
        self._may_blame = True

    def suspect(self, parcel: Parcel) -> None:
        """Take note that all of it was refused; of a digest only a line may be at fault."""
        for each in parcel.several:
            each.is_suspect = True
            each.refusals += not parcel.is_digest

    def is_confirmed(self, parcel: Parcel) -> bool:
        """Tell whether all of it had been refused before it was now.

        Ask it only of a destination that was well in between, for that took another then. After one
        was blamed, something has to be taken first: a destination that begins to refuse again must
        not cost all that it had refused before.
        """
        return self._may_blame and all(each.is_suspect for each in parcel.several)

    def blame(self) -> None:
        """Take note that a message was blamed, and given up."""
        self._may_blame = False
