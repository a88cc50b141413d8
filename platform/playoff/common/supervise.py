"""Keep one process running: `python -m playoff.common.supervise [--heartbeat FILE] COMMAND …`.

For the worker of a machine without a service manager. A command that dies is started again; one whose heartbeat file
has not been touched for a minute and a half is taken for hung, ended and started again. A termination signal ends both
for good.
"""

import signal
import sys
import time
from pathlib import Path

from playoff.common.processes import Process, stop_all

PAUSE_S = 0.5  # between a death and the next start, so that a command that cannot start does not spin


def main(arguments: list[str]) -> int:
    heartbeat = None
    if arguments[:1] == ["--heartbeat"]:
        heartbeat, arguments = Path(arguments[1]), arguments[2:]
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: asked.append(number))
    process = Process("command", arguments, log=None, environment={}, heartbeat=heartbeat)
    while not asked:
        process.start()
        while process.alive and not asked:
            if process.hung:
                sys.stderr.write("supervise.hung: no heartbeat, starting again\n")
                break
            time.sleep(0.1)
        if asked:
            break
        process.signal(signal.SIGKILL)  # what it leaves behind: a child, or itself when hung
        sys.stderr.write("supervise.restart\n")
        time.sleep(PAUSE_S)
    stop_all([process])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
