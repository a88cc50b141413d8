"""The real settings, and in worker processes the faults that a test asked for. Used by worlds only."""

from celery.signals import worker_process_init

from playoff.settings import *  # noqa: F403


@worker_process_init.connect
def install_faults(**_: object) -> None:
    from tests.faults import install

    install()
