"""The system calls that student code may make: those that Python and NumPy need.

The filter is a second defence behind the namespaces, because kernel bugs hide in rarely used calls.
It refuses, for example, new namespaces, mounts, ptrace, keyrings, bpf, io_uring, sockets, System V
shared memory (which no limit counts), signals to other processes, and starting programs.
"""

from __future__ import annotations

import errno
import functools
import platform

from autograder.core.errors import GraderError

__all__ = ["system_call_filter"]

_ARCHITECTURES = ("x86_64", "aarch64")
_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW… that clone takes
_AF_UNIX, _SIGABRT, _MYSELF = 1, 6, 0
_TERMINAL_QUESTIONS = (0x5401, 0x5413)  # TCGETS, TIOCGWINSZ: asked by open() and print()
_DESCRIPTOR_MODES = (0x541B, 0x5421, 0x5450, 0x5451)  # FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_HARMLESS_PRCTL = (15, 16, 39)  # the name of a thread; whether new privileges are off

_TALK = "recvfrom sendto read write readv writev poll ppoll select pselect6 getsockname getsockopt"
_MEMORY = "mmap munmap mprotect mremap madvise mincore brk msync membarrier"
_FILES = """
    open openat close close_range stat fstat lstat newfstatat statx statfs fstatfs access faccessat
    faccessat2 lseek pread64 pwrite64 preadv pwritev fcntl flock dup dup2 dup3 pipe pipe2 readlink
    readlinkat getdents64 getcwd chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat
    renameat2 truncate ftruncate fsync fdatasync chmod fchmod fchmodat umask fadvise64
"""
_TIME = """
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times alarm getitimer
    setitimer restart_syscall
"""
_PROCESS = """
    fork vfork wait4 waitid exit exit_group getpid getppid gettid getpgrp getpgid getsid getuid
    geteuid getgid getegid getgroups getresuid getresgid capget uname sysinfo getrandom getrusage
    getrlimit setrlimit futex set_robust_list set_tid_address rseq sched_yield sched_getaffinity
    getcpu rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack pause
    eventfd2 epoll_create1 epoll_ctl epoll_wait epoll_pwait
"""


@functools.cache
def system_call_filter() -> bytes | None:
    """The filter in the kernel's format, an array of ``struct sock_filter``.

    Any other call fails with ENOSYS ("not implemented"), for which the C library has fallbacks.
    None on processors without a list of system calls; reports then say so.
    """
    if platform.system() != "Linux" or platform.machine() not in _ARCHITECTURES:
        return None
    try:
        from seccompy import Action, CmpOp, Filter
        from seccompy.syscalls import syscall_nr
    except ImportError:
        raise GraderError("the package seccompy is not installed: run `make setup`") from None

    rules = Filter(Action.ERRNO | errno.ENOSYS)
    for name in f"{_TALK} {_MEMORY} {_FILES} {_TIME} {_PROCESS}".split():
        try:
            rules.allow(syscall_nr(name))
        except ValueError:  # aarch64 has no open, only openat
            continue
    rules.allow("clone", args=[(0, CmpOp.MASKED_EQ, 0, _NEW_NAMESPACES)])
    rules.allow("socketpair", args={0: _AF_UNIX})
    rules.allow("prlimit64", args={0: _MYSELF})
    rules.allow("tgkill", args={2: _SIGABRT})
    for request in (*_TERMINAL_QUESTIONS, *_DESCRIPTOR_MODES):
        rules.allow("ioctl", args={1: request})
    for option in _HARMLESS_PRCTL:
        rules.allow("prctl", args={0: option})
    return rules.program
