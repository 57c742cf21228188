"""Apprise alone, as the plainest program has it: `notify()` in a loop.

    python -m benchmarks.delivery.bare json://127.0.0.1:1234 20

It reads a line, and sends until it reads another, so many a second; then it prints a line of JSON: when
each send began and when it had its answer, by its title.
"""

import select
import sys
import time

import msgspec
from apprise import Apprise


def main() -> None:
    """Send, and print when each was sent."""
    url, a_second = sys.argv[1], float(sys.argv[2])
    apprise = Apprise()
    apprise.add(url)
    print("ready", flush=True)
    sys.stdin.readline()
    times: dict[str, tuple[float, float]] = {}
    while not select.select([sys.stdin], [], [], 1 / a_second)[0]:
        title, began_s = f"bare {len(times)}", time.perf_counter()
        apprise.notify(title=title, body=_BODY)
        times[title] = began_s, time.perf_counter()
    print(msgspec.json.encode(times).decode(), flush=True)


# As long as an alert's text.
_BODY = "Close 100123.40 is above 100000.00\n" * 5

if __name__ == "__main__":
    main()
