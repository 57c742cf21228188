"""Why there was no answer, by what an exception says of itself."""

import re
from types import MappingProxyType

from alertd.delivery.failure import Failure
from alertd.delivery.known import MAIL, first_known

# Plug-ins log an exception as "Socket Exception: ...".
_EXCEPTION = re.compile(r"^\w+ Exception: (?P<words>.*)", re.DOTALL)
# smtplib shows a reply as (550, b'no such user'), alone or for each recipient.
_SMTP_REPLY = re.compile(r"\((?P<status>[45]\d\d), b(?P<quote>['\"])(?P<words>.*?)(?P=quote)")
_NOT_TRUSTED = "its TLS certificate is not trusted"
# The first that fits: what urllib3 puts around an exception names less than the innermost of it.
_CAUSES = (
    ("hostname mismatch", "its TLS certificate is another host's"),
    ("ip address mismatch", "its TLS certificate is another host's"),
    ("certificate has expired", "its TLS certificate has expired"),
    ("self-signed certificate", f"{_NOT_TRUSTED}: it is self-signed"),
    ("self signed certificate", f"{_NOT_TRUSTED}: it is self-signed"),
    ("certificate", _NOT_TRUSTED),
    ("wrong_version_number", "it does not speak TLS on this port"),
    ("wrong version number", "it does not speak TLS on this port"),
    ("starttls extension not supported", "it does not speak TLS on this port"),
    ("auth extension not supported", "it wants no login on this port: is it the right one?"),
    ("unable to connect to proxy", "the proxy cannot be reached"),
    ("timed out", "no answer in time"),
    ("connection refused", "connection refused"),
    ("name or service not known", "host name not found"),
    ("name resolution", "host name not found"),
    ("no address associated", "host name not found"),
    ("connection reset", "connection cut"),
    ("connection aborted", "connection cut"),
    ("unexpectedly closed", "connection cut"),
    ("the connection was lost", "connection cut"),
    ("network is unreachable", "network unreachable"),
    ("no route to host", "network unreachable"),
)
_LOGINS = MappingProxyType(
    {
        "530": "it wants a login",
        "534": "the user name or the password is wrong",
        "535": "the user name or the password is wrong",
    }
)


def reply_in(line: str) -> Failure | None:
    """Return what a mail server replied, by a plug-in's log; None where it is not about one."""
    found = _SMTP_REPLY.search(_exception_in(line))
    if found is None:
        return None
    status, said = found["status"], found["words"].replace("\\n", " ")
    # 4yz is "transient", 5yz "permanent": RFC 5321, 4.2.1.
    is_final = status.startswith("5")
    known = first_known(MAIL, said)
    words = known.words if known else _LOGINS.get(status)
    reason = f"{words} (SMTP {status}: {said})" if words else f"SMTP {status}: {said}"
    return Failure(reason, is_final and (known is None or known.is_final))


def cause_in(line: str) -> Failure | None:
    """Return why a connection failed, by the log of a plug-in; None where it is not about one."""
    exception = _exception_in(line)
    # Before its cause urllib3 shows the URL, in which any word may stand.
    folded = exception.rpartition("Caused by ")[2].casefold()
    known = (words for sign, words in _CAUSES if sign in folded)
    return Failure(next(known, exception.strip())) if exception else None


def _exception_in(line: str) -> str:
    found = _EXCEPTION.match(line)
    return found["words"] if found else ""
