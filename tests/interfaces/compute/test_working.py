"""What is computed for long is answered in processes of their own; one that dies is replaced."""

import math
import os
import signal
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

import psutil

from interfaces.compute.working import AnswerCall, Working
from interfaces.http.desk import Call, HandledRequest
from interfaces.http.replying import Reply


def opens() -> AnswerCall:
    """Answers with the process and what was asked of it."""
    return lambda name, until, call: Reply(200, f"{os.getpid()} {name} {until} {call.asked.path}".encode())


def asked() -> Call:
    return Call(HandledRequest("/a", {}, {}, "zh", is_local=True), {})


def test_another_process_answers_and_one_that_dies_is_replaced() -> None:
    working = Working(1, opens)
    try:
        first, *rest = working.submit("readings", math.inf, asked()).result(60).body.split()
        assert (int(first) != os.getpid(), rest) == (True, [b"readings", b"inf", b"/a"])
        assert psutil.Process(int(first)).nice() > psutil.Process().nice()
        os.kill(int(first), signal.SIGKILL)
        second = first
        while second == first:
            # Whoever is at it when the process dies is told so; the next one is answered by another.
            with suppress(BrokenProcessPool):
                second = working.submit("readings", math.inf, asked()).result(60).body.split()[0]
    finally:
        working.close()
    assert psutil.wait_procs([psutil.Process(int(second))] if psutil.pid_exists(int(second)) else [], 30)[1] == []
