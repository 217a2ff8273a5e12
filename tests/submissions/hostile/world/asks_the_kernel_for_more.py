"""What the kernel offers beyond what NumPy needs is not offered here.

honest: double
says: RuntimeError: answered []
"""

import ctypes
import errno

# x86-64: bpf, perf_event_open, io_uring_setup, userfaultfd, kexec_load, init_module,
# open_by_handle_at, pidfd_open, fanotify_init, clone3, memfd_secret, quotactl, vmsplice, landlock
NUMBERS = (321, 298, 425, 323, 246, 175, 304, 434, 300, 435, 447, 179, 278, 444)


def double(x):
    return 2.0 * x


def quadruple(x):
    libc = ctypes.CDLL(None, use_errno=True)
    answered = []
    for number in NUMBERS:
        if libc.syscall(number, 0, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() != errno.ENOSYS:
            answered.append(number)
    raise RuntimeError(f"answered {answered}")
