"""What every management command shares: one line for bad input, exit codes, files written whole or not at all.

A command subclasses `PlayoffCommand`, lists the errors its core raises for bad input in `input_errors`, and writes
`add_arguments` and `handle` as for any Django command. Exit codes: 0 done, 2 bad input (one line on standard error),
1 anything else.
"""

import errno
import json
import math
import os
import secrets
import stat
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, OperationalError, ProgrammingError

from playoff.common.errors import PlayoffError

# The ways in which a path itself is wrong. A full disk or a lost connection is not bad input.
_BAD_PATH = {
    errno.ENOENT: "there is no such file or directory; check the path",
    errno.ENOTDIR: "a part of this path is not a directory; check the path",
    errno.EISDIR: "this is a directory; name a file",
    errno.EACCES: "permission denied; choose a path you may use",
    errno.EPERM: "permission denied; choose a path you may use",
    errno.EROFS: "the file system is read-only; choose another path",
    errno.EEXIST: "this exists already; choose another path",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "the links of this path go round in a circle; choose another path",
}


class InputError(CommandError):
    """Bad input, in one sentence that names the file, the line or field and the mend."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, returncode=2)


class PlayoffCommand(BaseCommand):
    """A command whose refusals are one line on standard error and never a traceback.

    Attributes:
        input_errors: the exceptions that mean bad input; their message is printed as it stands.
    """

    input_errors: ClassVar[tuple[type[Exception], ...]] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._refuse_usage  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        refusals: tuple[type[Exception], ...] = (PlayoffError, *self.input_errors)
        failure: CommandError
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            failure = error
        except refusals as error:
            failure = InputError(str(error))
            failure.__cause__ = error
        except OSError as error:
            failure = _describe(error)
            failure.__cause__ = error
        except (OperationalError, ProgrammingError) as error:
            if not _lacks_table(error):
                raise
            failure = InputError("The database has no tables for this version yet; run `python manage.py migrate`.")
            failure.__cause__ = error
        if options.get("traceback"):
            raise failure
        return self._fail(failure)

    def write_json(self, value: Any, path: str | Path) -> None:
        """Write `value` as JSON to `path`; `-` is standard output."""
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
        if str(path) == "-":
            self.stdout.write(text, ending="")
        else:
            write_whole(Path(path), text)

    def _refuse_usage(self, message: str) -> NoReturn:
        self._fail(InputError(f"{message}; see --help"))

    def _fail(self, failure: CommandError) -> NoReturn:
        if not getattr(self, "_called_from_command_line", False):
            raise failure  # called from Python: the caller decides
        if str(failure):
            self.stderr.write(" ".join(str(failure).split("\n")))
        sys.exit(failure.returncode)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is found whole or as it was before, never half."""
    data = content.encode() if isinstance(content, str) else content
    check_output(path)
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        path.write_bytes(data)  # a device or a pipe is written to, not replaced
        return
    path = path.resolve()  # through a link, so that the link stays one
    check_output(path)
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, which is made if it is not there; no file appears before all of them are written.

    Args:
        folder: where to; what else is there stays.
        files: contents by path within it.
    """
    check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        check_output(folder / name)
    drafts: dict[Path, Path] = {}
    try:
        for name, content in files.items():
            path = (folder / name).resolve()
            drafts[path] = draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
            with draft.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for path, draft in drafts.items():
            draft.replace(path)
    except BaseException:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise


def check_folder(folder: Path) -> None:
    """Refuse a path that cannot become a folder, before the work whose result it should hold."""
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise InputError(f"{folder}: {nearest} is not a directory; choose another path.")
    if not os.access(nearest, os.W_OK):
        raise InputError(f"{folder}: nothing may be written to {nearest}; choose another path.")


def check_output(path: Path) -> None:
    """Refuse a path that cannot become a file, before the work whose result it should hold."""
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no directory {path.parent}; create it or choose another path.")
    if path.is_dir():
        raise InputError(f"{path}: this is a directory; name a file in it.")


def output_file(text: str) -> Path:
    """The type of an option that names a file to write; `-` stays as it is."""
    path = Path(text)
    if text != "-":
        try:
            check_output(path)
        except InputError as error:
            raise ArgumentTypeError(str(error).rstrip(".")) from error
        except OSError as error:
            raise ArgumentTypeError(f"{text}: {error.strerror}") from error
    return path


def whole_number(*, at_least: int, at_most: int | None = None) -> Callable[[str], int]:
    """The type of an option that takes an integer within bounds."""

    def parse(text: str) -> int:
        bounds = f"a whole number of at least {at_least}" + ("" if at_most is None else f" and at most {at_most}")
        try:
            value = int(text)
        except ValueError:
            raise ArgumentTypeError(f"must be {bounds}, got {text!r}") from None
        if value < at_least or (at_most is not None and value > at_most):
            raise ArgumentTypeError(f"must be {bounds}, got {text!r}")
        return value

    return parse


def positive_number(text: str) -> float:
    """The type of an option that takes a finite number above zero."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ArgumentTypeError(f"must be a number above 0, got {text!r}")
    return value


def _lacks_table(error: DatabaseError) -> bool:
    return "no such table" in str(error) or ("relation" in str(error) and "does not exist" in str(error))


def _describe(error: OSError) -> CommandError:
    name = error.filename if error.filename is not None else "file"
    if error.errno in _BAD_PATH and error.filename is not None:
        return InputError(f"{name}: {_BAD_PATH[error.errno]}.")
    return CommandError(f"{name}: {error.strerror or error}.")
