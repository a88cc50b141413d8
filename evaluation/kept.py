"""What is dear to compute of a study, kept in the process until its judgments change. Core: no Django."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")
MOST_KEPT = 4  # studies; the judgments of one with 100,000 take 6 MB


class KeptByStudy(Generic[Value]):
    """The last value of each of the studies asked for last."""

    def __init__(self) -> None:
        self._values: OrderedDict[int, tuple[Hashable, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, study: int, stamp: Hashable, make: Callable[[], Value]) -> Value:
        """The value made under this stamp; another stamp makes it anew.

        Two who ask at the same moment may both make it, which is as right and lets neither wait for the other's study.
        """
        with self._lock:
            kept = self._values.get(study)
            if kept is not None and kept[0] == stamp:
                self._values.move_to_end(study)
                return kept[1]
        value = make()
        with self._lock:
            self._values[study] = (stamp, value)
            self._values.move_to_end(study)
            while len(self._values) > MOST_KEPT:
                self._values.popitem(last=False)
        return value
