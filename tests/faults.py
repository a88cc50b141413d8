"""Faults at the borders of the generation service, in real worker processes.

FAULT_POINT says where, FAULT_BUDGET names a folder: each file in it is one death, taken by whoever removes it first.
FAULT_SLOW is `system=seconds`: that system, or every one for `*`, answers so much later.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

POINTS = ("before-lease", "in-load", "in-forward", "before-commit", "after-commit")


def install() -> None:
    point = os.environ.get("FAULT_POINT", "")
    if point:
        _install_death(point)
    slow = os.environ.get("FAULT_SLOW", "")
    if slow:
        _install_slowness(*slow.split("="))


def die_if_asked() -> None:
    for token in sorted(Path(os.environ["FAULT_BUDGET"]).iterdir()):
        try:
            token.unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)


def _install_death(point: str) -> None:
    from django.db import transaction

    from evaluation.services import generation
    from recsys import public
    from recsys.services import recommendations

    def dying_before(function: Any) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            die_if_asked()
            return function(*args, **kwargs)

        return wrapped

    def dying_before_commit(function: Any) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with transaction.atomic():
                answer = function(*args, **kwargs)
                die_if_asked()
            return answer

        return wrapped

    def dying_after(function: Any) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            answer = function(*args, **kwargs)
            die_if_asked()
            return answer

        return wrapped

    if point == "before-lease":
        generation.claim_side = dying_before(generation.claim_side)
    elif point == "in-load":
        recommendations.load_recommender = dying_before(recommendations.load_recommender)
    elif point == "in-forward":
        public.playlist_for = dying_after(public.playlist_for)
    elif point == "before-commit":
        generation.store_playlist = dying_before_commit(generation.store_playlist)
    elif point == "after-commit":
        generation.store_playlist = dying_after(generation.store_playlist)
    else:
        raise ValueError(f"unknown fault point {point!r}")


def _install_slowness(system: str, seconds: str) -> None:
    from recsys import public
    from recsys.models import SystemVersion

    original = public.playlist_for

    def slow(*, version_id: int, **kwargs: Any) -> Any:
        if system in {"*", SystemVersion.objects.get(pk=version_id).system}:
            time.sleep(float(seconds))
        return original(version_id=version_id, **kwargs)

    public.playlist_for = slow
