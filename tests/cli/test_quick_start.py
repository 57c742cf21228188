"""What commands import before they run: help, completion and questions to the daemon come at once."""

import json
import subprocess
import sys

import pytest

from alertd.cli import COMMANDS

# What takes long to import. A wall clock would tell more of the machine than of this.
HEAVY = {
    *("PIL", "anyio", "apprise", "cattrs", "httpx", "hypercorn", "jinja2", "pandas", "pyarrow"),
    *("requests", "rich", "starlette", "trio", "trio_websocket", "yaml"),
}
# Those that ask the running daemon, and what a person tries first.
QUICK = (
    *("status", "explain", "history", "silence", "retry", "reload", "rearm"),
    *("run", "check", "test", "test-notify", "schema", "init", "completion"),
)
SCRIPT = """
import json, sys
from click.testing import CliRunner
from alertd.cli import main
result = CliRunner().invoke(main, sys.argv[1:])
print(json.dumps([result.exit_code, sorted({it.partition(".")[0] for it in sys.modules})]))
"""


def imported_by(*arguments: str) -> set[str]:
    """The packages that a command has imported once it has run."""
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    status, modules = json.loads(done.stdout)
    assert status == 0
    return set(modules)


def test_the_list_of_commands_imports_little_but_click():
    imported = imported_by("--help")
    assert not imported & (HEAVY | {"attrs", "msgspec", "asyncio", "ssl"})


@pytest.mark.parametrize("command", QUICK)
def test_help_imports_nothing_heavy(command: str):
    assert not imported_by(command, "--help") & HEAVY


def test_the_quick_ones_are_commands():
    assert set(QUICK) <= COMMANDS.keys()
