"""Where a daemon's control socket is, and where its commands look for it.

A daemon has one socket, found from nothing but the path of its configuration, as those who ask need
not be able to read that. A service's is `alertd.sock` in the runtime directory that the service
manager made for it. Any other's has the configuration's name and a digest of its path, so that two
daemons have two: in the user's own runtime directory, else in `state/run` beside the configuration.
The commands look at all of these. What they send names the configuration that they mean, and a
daemon that runs by another one refuses it: none answers for another.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

# Names the configuration that a request is about: its absolute path, percent-encoded.
CONFIG_HEADER = "Alertd-Config"
# How a daemon says that it runs by another one. Source: RFC 9110, 15.5.20.
MISDIRECTED = 421

# Where service managers make runtime directories: systemd.exec(5), RuntimeDirectory=.
_SERVICES = Path("/run")
_SERVICE_SOCKET = "alertd.sock"
_DIGEST_LENGTH = 8


def own_place(config: Path, environment: Mapping[str, str]) -> Path:
    """Return where the daemon of a configuration listens.

    Source: systemd.exec(5), RUNTIME_DIRECTORY; where there are several, the first is meant.
    """
    service = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    if service:
        return Path(service) / _SERVICE_SOCKET
    return _users_places(config, environment)[0]


def places(
    config: Path, environment: Mapping[str, str], *, services: Path = _SERVICES
) -> tuple[Path, ...]:
    """Return where the daemon of a configuration may listen, as a person or a service runs it."""
    found = sorted(services.glob(f"alertd*/{_SERVICE_SOCKET}"))
    return (*_users_places(config, environment), *found)


def _users_places(config: Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    path = config.resolve()
    digest = hashlib.sha256(bytes(path)).hexdigest()[:_DIGEST_LENGTH]
    name = f"{path.stem[:20]}-{digest}.sock"
    beside = path.parent / "state" / "run" / name
    user = environment.get("XDG_RUNTIME_DIR")
    return (Path(user) / "alertd" / name, beside) if user else (beside,)
