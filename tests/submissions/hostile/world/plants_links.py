"""Links to files of the machine lead nowhere.

honest: double
says: RuntimeError: read []
"""

import os


def double(x):
    return 2.0 * x


def quadruple(x):
    read = []
    for number, target in enumerate(("/etc/passwd", "/root", "/proc/1/root", "/../../etc")):
        link = f"/tmp/link{number}"
        os.path.lexists(link) or os.path.islink(link) or _link(target, link)
        read += [target] if os.path.exists(link) else []
    raise RuntimeError(f"read {read}")


def _link(target, link):
    try:
        os.symlink(target, link)
    except OSError:
        pass
