"""A failed send."""

import attrs


@attrs.frozen
class Failure:
    """Why a send failed, in words, and whether another try cannot mend it.

    A refusal (a wrong token, "chat not found", a mailbox that does not exist) is final: the service
    has read the message and said no. What is not understood is not final. `retry_after_s` is for
    how long the service itself wants to be left alone, None where it did not say.
    """

    reason: str
    is_final: bool = False
    retry_after_s: float | None = None
