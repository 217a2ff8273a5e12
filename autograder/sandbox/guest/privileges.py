"""Giving up rights before any of a student's code runs."""

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
    """Leave all that processes share: mounts, the network, System V memory; PIDs with a fork."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NAMESPACES) != 0:
        raise OSError(ctypes.get_errno(), "the namespaces of a submission cannot be made")


def mount_scratch(size: int) -> None:
    """Put an empty file system of ``size`` bytes in memory at /tmp, for this submission alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"size={size},mode=1777".encode()
    if libc.mount(b"scratch", b"/tmp", b"tmpfs", _MS_NOSUID | _MS_NODEV, options) != 0:
        raise OSError(ctypes.get_errno(), "the scratch folder cannot be made")


def drop_rights() -> None:
    """Give up all capabilities; started by root, turn into nobody first, in a namespace of its own.

    Limits on processes do not bind root, and are counted per user and namespace.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
        if libc.unshare(_CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "user namespaces are not available to ordinary users")
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    if libc.capset(header, none) != 0:
        raise OSError(ctypes.get_errno(), "the capabilities cannot be given up")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_system_calls(instructions: bytes) -> None:
    """Let the kernel refuse, from now on and for good, what the seccomp filter does not allow."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(instructions) // _INSTRUCTION_BYTES, instructions)
    if (
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        or libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def limit(limits: Mapping[str, int]) -> None:
    """Set resource limits, soft and hard, by their names in ``resource``."""
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, name), (value, value))
