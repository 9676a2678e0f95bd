"""Killed processes: the server's worker, the server itself, the database beneath it."""

import os
import signal

import psutil
import pytest

from interfaces.postgres.embedded.watchdog import ServerFolder, read_postmaster
from tests.faults.running import Serving, data_folder, eventually, id_of, is_alive

pytestmark = pytest.mark.faults


def test_a_killed_worker_is_started_again_and_nothing_recorded_is_lost() -> None:
    with data_folder() as data, Serving("--data", str(data)) as served:
        assert served.register(1).status_code == 201
        (worker,) = served.workers()
        worker.kill()
        assert eventually(lambda: served.answers() and worker not in served.workers())
        assert served.process.poll() is None
        assert served.get("/journal/head").json()["position"] == served.register(1).json()["position"]
        assert served.register(2).status_code == 201


def test_a_server_whose_worker_ends_again_and_again_says_so_and_does_not_end_with_success() -> None:
    with data_folder() as data, Serving("--data", str(data)) as served:
        killed = set[int]()

        def kill() -> bool:
            for worker in served.workers():
                if worker.pid not in killed:
                    killed.add(worker.pid)
                    worker.kill()
            return served.process.poll() is not None

        assert eventually(kill)
        assert served.process.returncode == 2
        assert "服务进程反复异常退出" in served.said()
        assert "ended again and again" in served.said()


def test_a_killed_server_leaves_no_worker_that_holds_the_port() -> None:
    with data_folder() as data, Serving("--data", str(data)) as served:
        (worker,) = served.workers()
        served.process.kill()
        served.process.wait()
        assert eventually(lambda: not is_alive(worker))
        assert not served.answers()
        with Serving("--data", str(data)) as next_one:
            assert next_one.register(1).status_code == 201


@pytest.mark.parametrize("who", ["the server alone", "everybody at the terminal"])
def test_a_terminal_that_hangs_up_ends_the_server_in_order(who: str) -> None:
    with data_folder() as data:
        with Serving("--data", str(data), session=True) as served:
            assert served.register(1).status_code == 201
            workers = served.workers()
            if who == "the server alone":
                served.process.send_signal(signal.SIGHUP)
            else:
                os.killpg(served.process.pid, signal.SIGHUP)
            assert eventually(lambda: served.process.poll() is not None)
            assert served.process.returncode == 0
            assert eventually(lambda: not any(is_alive(w) for w in workers))
            assert "Traceback" not in served.said()
        with Serving("--data", str(data)) as next_one:
            assert next_one.get(f"/subjects/{id_of(1)}").status_code == 200


def test_a_server_under_nohup_serves_on_when_the_terminal_hangs_up() -> None:
    with data_folder() as data, Serving("--data", str(data), prefix=("nohup",), session=True) as served:
        workers = served.workers()
        os.killpg(served.process.pid, signal.SIGHUP)
        assert served.register(1).status_code == 201
        assert served.workers() == workers
        assert served.process.poll() is None


@pytest.mark.parametrize("which", ["postmaster", "watchdog", "both"])
def test_the_embedded_database_is_started_again_when_it_is_killed(which: str) -> None:
    with data_folder() as data, Serving("--data", str(data)) as served:
        folder = ServerFolder(data)
        assert served.register(1).status_code == 201
        postmaster = read_postmaster(folder)
        assert postmaster is not None
        watchdogs = [p.pid for p in psutil.process_iter() if f'"folder": "{data}"' in " ".join(_command_of(p))]
        for pid in [*([postmaster.pid] if which != "watchdog" else []), *(watchdogs if which != "postmaster" else [])]:
            psutil.Process(pid).send_signal(signal.SIGKILL)
        if which != "watchdog":
            assert eventually(lambda: (now := read_postmaster(folder)) is not None and now.pid != postmaster.pid)
        assert eventually(served.answers)
        assert served.register(2).status_code == 201
        assert served.get("/subjects/00000000-0000-4000-8000-000000000001").status_code == 200


def _command_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
