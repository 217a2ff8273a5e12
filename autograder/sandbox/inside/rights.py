"""Giving up rights before any of a student's code runs."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Mapping

__all__ = ["become_nobody", "filter_system_calls", "limit"]

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38
_INSTRUCTION_BYTES = 8


def become_nobody() -> None:
    """Started by root: turn into an ordinary user, alone in a user namespace, without capabilities.

    Limits on processes do not bind root, and are counted per user and namespace.
    """
    os.setgroups([])
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)
    libc = ctypes.CDLL(None, use_errno=True)
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
