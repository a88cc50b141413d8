"""Writers take turns in the order of arrival; the dead hold nobody up."""

import subprocess
import sys
import threading
import time

import pytest

from playoff.common.turns import LOCK_FILE, _Queue, writing_turn

HOLDER = """
import fcntl, sys, time
file = open(sys.argv[1], "wb")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


def test_the_queue_serves_in_the_order_of_arrival():
    queue, served = _Queue(), []

    def take(number: int) -> None:
        with queue:
            served.append(number)

    with queue:
        threads = []
        for number in range(8):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            while len(queue._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == list(range(8))
    with queue:  # free again
        pass


def test_an_error_inside_gives_the_turn_on():
    queue = _Queue()
    with pytest.raises(ValueError), queue:
        raise ValueError
    assert not queue._taken


@pytest.mark.django_db(transaction=True)
def test_another_process_waits_and_a_killed_one_does_not_hold_it(settings, tmp_path):
    from django.db import connection

    settings.HOME = tmp_path
    if connection.vendor != "sqlite":
        with writing_turn():
            assert not (tmp_path / LOCK_FILE).exists()
        return
    command = [sys.executable, "-c", HOLDER, str(tmp_path / LOCK_FILE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        entered = threading.Event()

        def write() -> None:
            try:
                with writing_turn():
                    entered.set()
            finally:
                connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert not entered.wait(0.2)
        holder.kill()
        assert entered.wait(10)
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_who_has_the_turn_keeps_it_and_gives_it_back_once(settings, tmp_path):
    settings.HOME = tmp_path
    inside, after = threading.Event(), threading.Event()

    def nested() -> None:
        with writing_turn(), writing_turn():
            inside.set()
        with writing_turn():
            after.set()

    thread = threading.Thread(target=nested, daemon=True)
    thread.start()
    assert inside.wait(10), "a turn within a turn waits for itself"
    assert after.wait(10)
    thread.join(10)
