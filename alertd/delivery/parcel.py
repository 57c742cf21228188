"""What is given to a destination in one send: one delivery, or several as a digest."""

from collections.abc import Sequence

import attrs

from alertd.delivery.digest import digest_of
from alertd.delivery.message import Message
from alertd.delivery.services import Limits
from alertd.delivery.waiting import Waiting


@attrs.frozen(kw_only=True)
class Parcel:
    """Deliveries and the message that tells of them all.

    `requests` is how many messages it is to the service, `is_cut` whether a digest had no room for
    all that it should have told of.
    """

    several: tuple[Waiting, ...]
    message: Message
    requests: int = 1
    is_digest: bool = False
    is_cut: bool = False

    @property
    def is_first_try(self) -> bool:
        """Whether none of it was tried before in this process."""
        return all(each.attempts == each.delivery.attempts for each in self.several)


def single(one: Waiting, limits: Limits) -> Parcel:
    """Return a delivery as itself.

    Apprise splits what is too long: the title, then pieces of the text.
    """
    message = one.delivery.message
    title, body = limits.fit(message.title, message.body)
    if limits.hold(title, body):
        return Parcel(several=(one,), message=message)
    pieces = -(-len(body) // limits.body)
    return Parcel(several=(one,), message=message, requests=1 + pieces)


def merged(several: Sequence[Waiting], limits: Limits) -> Parcel:
    """Return as many as fit into one digest, at least the first; one alone is itself."""
    if len(several) == 1:
        return single(several[0], limits)
    digest = digest_of([each.delivery.message for each in several], limits)
    return Parcel(
        several=tuple(several[: digest.count]),
        message=digest.message,
        is_digest=True,
        is_cut=digest.count < len(several),
    )
