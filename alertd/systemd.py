"""What the service manager is told: ready, reloading, how it goes, stopping.

Source of the protocol: systemd's sd_notify(3). It is one datagram of `NAME=value` lines to the
socket in $NOTIFY_SOCKET, so it needs no library.
"""

import logging
import socket
import time
from collections.abc import Mapping

import attrs

_log = logging.getLogger(__name__)


@attrs.define
class Notifier:
    """Tells the service manager; without one (`address` None) it tells nobody.

    `address` is a path, or an abstract name with `@` in front.
    """

    address: str | None
    _owes_ready: bool = attrs.field(default=False, init=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Notifier":
        """Return the notifier for the service manager that started this process, if one did."""
        return cls(environment.get("NOTIFY_SOCKET") or None)

    def ready(self, status: str) -> None:
        """Say that the start, or a reload, is over and the service works.

        A service manager that is too busy to take it, and would wait for it, is told with the next
        status.
        """
        self._owes_ready = not self._send("READY=1", _status(status))

    def reloading(self) -> None:
        """Say that the configuration is read anew; `ready` ends it.

        The time is how `Type=notify-reload` tells the answer to its own signal from an older one.
        """
        now_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._owes_ready = False
        self._send("RELOADING=1", f"MONOTONIC_USEC={now_us}", _status("reloading"))

    def status(self, status: str) -> None:
        """Say in a line how the service does: `systemctl status` shows it."""
        if self._owes_ready:
            self.ready(status)
        else:
            self._send(_status(status))

    def stopping(self) -> None:
        """Say that the service is on its way down."""
        self._send("STOPPING=1", _status("stopping"))

    def _send(self, *assignments: str) -> bool:
        """Tell it; return whether it can have heard, which without one it need not."""
        if self.address is None:
            return True
        name = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.setblocking(False)
                manager.sendto("\n".join(assignments).encode(), name)
        except OSError as error:
            # Nothing to be done about it here, and no reason to stop watching the market.
            about = {"event": "systemd.untold", "fields": {"reason": str(error)}}
            _log.warning("the service manager could not be told: %s", error, extra=about)
            return False
        return True


def _status(text: str) -> str:
    # A line break would start another assignment.
    return "STATUS=" + " ".join(text.splitlines())
