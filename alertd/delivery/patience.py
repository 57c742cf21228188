"""How long a destination is waited for."""

import attrs

from alertd.backoff import Backoff

_HOUR_S, _DAY_S = 3_600.0, 86_400.0
_BACKOFF = Backoff(first_s=1.0, cap_s=60.0)
_BACKOFF_WHEN_OUT = Backoff(first_s=1.0, cap_s=300.0)


@attrs.frozen(kw_only=True)
class Patience:
    """How long what is waited for, in seconds, and how many deliveries may wait (`queue`).

    After `fault_after_s` of failing people are told, and after `out_after_s` a destination is out:
    its fallback takes over, and it is tried more seldom. One that refuses is out at once, and tried
    again by `probe`. After a digest the next one gathers for `gather_s`, or `gather_critical_s`. A
    delivery is given up when it is `give_up_after_s` old, but never before it had `grace_s` in this
    process: a machine may have been off for a day, or its clock set forward.

    A picture that follows its text is given up after `picture_s`. Where one failed and its text did
    not, the destination is sent none for `no_pictures_s`.

    The queue holds what 17 crashes of the whole market give, in about 20 MB.
    """

    send_s: float = 30.0
    give_up_after_s: float = _DAY_S
    grace_s: float = _HOUR_S
    fault_after_s: float = 60.0
    out_after_s: float = 600.0
    backoff: Backoff = _BACKOFF
    backoff_when_out: Backoff = _BACKOFF_WHEN_OUT
    probe_first_s: float = 300.0
    probe_cap_s: float = _HOUR_S
    gather_s: float = 10.0
    gather_critical_s: float = 3.0
    queue: int = 10_000
    picture_s: float = 10.0
    no_pictures_s: float = 600.0

    def probe_s(self, refusals: int) -> float:
        """Return how long to leave a destination alone that has refused so often in a row."""
        return min(self.probe_first_s * 2.0 ** min(refusals - 1, 64), self.probe_cap_s)
