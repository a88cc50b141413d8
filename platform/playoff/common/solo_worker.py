"""The whole worker in one process, without Celery's command line: `python -m playoff.common.solo_worker LEVEL`.

The command line brings a shell with completion, 16 MiB of it, into a process that never reads a line. And the checks
that a worker makes at its start read every address of the site, and the HTTP interface with them: who starts this
(`manage.py`, as every command of it) has made them.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any

OPTIONS: dict[str, Any] = {"pool": "solo", "without_heartbeat": True, "without_gossip": True, "without_mingle": True}


def main(arguments: Sequence[str]) -> int:
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    from playoff.celery import app

    worker = app.Worker(queues="gpu,default", loglevel=arguments[0] if arguments else "INFO", **OPTIONS)
    worker.start()
    return int(worker.exitcode or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
