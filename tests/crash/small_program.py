"""A small program that does what the daemon does, for the tool to be tried on it: writes, sends, marks.

    python small_program.py JOURNAL PORT COUNT SYNCHRONOUS

It numbers its messages, and sends what it finds unsent when it begins.
"""

import socket
import sqlite3
import sys


def main(journal: str, port: str, count: str, synchronous: str) -> None:
    """Bring the journal to `count` messages, each of them sent."""
    connection = sqlite3.connect(journal, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY, is_sent INTEGER)"
    )
    for number in range(1, int(count) + 1):
        connection.execute("INSERT OR IGNORE INTO message VALUES (?, 0)", (number,))
        waiting = connection.execute("SELECT number FROM message WHERE NOT is_sent").fetchall()
        for (message,) in waiting:
            _send(int(port), message)
            connection.execute("UPDATE message SET is_sent = 1 WHERE number = ?", (message,))
    connection.close()


def _send(port: int, number: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(f"{number:03}\n".encode())
        if stream.recv(2) != b"ok":
            raise SystemExit("no answer")


if __name__ == "__main__":
    main(*sys.argv[1:])
