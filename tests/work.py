"""How much work something is, the same on every machine: how many of Python's instructions it takes."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def work(job: Callable[[], object]) -> int:
    """Run it, and count; what C does in one instruction is one, however long it takes."""
    count = 0

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        job()
    finally:
        sys.settrace(before)
    return count
