"""Give up rights, step by step, before any student code runs. ``main`` fixes the order."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Mapping

__all__ = ["drop_rights", "enter_namespaces", "filter_system_calls", "limit", "mount_scratch"]

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_NEW_NAMESPACES = 0x20000 | 0x08000000 | 0x20000000 | 0x40000000  # mounts, IPC, PIDs, network
_MS_NOSUID, _MS_NODEV = 2, 4
_CAPABILITY_VERSION_3 = 0x20080522
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38
_INSTRUCTION_BYTES = 8


def enter_namespaces() -> None:
    """Enter new namespaces for mounts, IPC, network and PIDs; that of PIDs begins with a fork.

    Without them, guests of one server could leave messages for each other in shared memory.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NAMESPACES) != 0:
        raise OSError(ctypes.get_errno(), "the namespaces of a submission cannot be made")


def mount_scratch(size: int) -> None:
    """Mount an empty file system of ``size`` bytes in memory at /tmp, for this submission alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"size={size},mode=1777".encode()
    if libc.mount(b"scratch", b"/tmp", b"tmpfs", _MS_NOSUID | _MS_NODEV, options) != 0:
        raise OSError(ctypes.get_errno(), "the scratch folder cannot be made")


def drop_rights() -> None:
    """Give up all capabilities. Root becomes nobody first, in a user namespace of its own.

    The limit on processes does not bind root, and it counts per user and namespace: without a
    namespace, the guests of a machine would use up each other's processes.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() == 0:
        os.setgroups([])  # groups first: nobody has no right to change them
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
        if libc.unshare(_CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "user namespaces are not available to ordinary users")
    # Entering a user namespace grants all capabilities in it, so they are given up after that.
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    if libc.capset(header, none) != 0:
        raise OSError(ctypes.get_errno(), "the capabilities cannot be given up")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_system_calls(instructions: bytes) -> None:
    """Let the kernel refuse all system calls outside the seccomp filter, irrevocably."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(instructions) // _INSTRUCTION_BYTES, instructions)
    # The kernel takes a filter from a process without capabilities only after NO_NEW_PRIVS.
    if (
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        or libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def limit(limits: Mapping[str, int]) -> None:
    """Set soft and hard resource limits, by their names in ``resource``."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, name), (value, value))
