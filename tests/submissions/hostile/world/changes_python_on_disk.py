"""Python's own folders are read-only: no sitecustomize, no .pth file, no other NumPy.

honest: double
says: RuntimeError: changed []
"""

import os
import sys
import sysconfig

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    folders = [*sys.path, *sysconfig.get_paths().values(), os.path.dirname(np.__file__)]
    changed = []
    for folder in dict.fromkeys(map(os.path.abspath, folders)):
        for name in ("sitecustomize.py", "usercustomize.py", "unroll-mark.pth"):
            try:
                with open(os.path.join(folder, name), "x") as file:
                    file.write("import os\n")
                changed.append(folder)
            except OSError:
                pass
    try:
        os.rename(np.__file__, np.__file__ + ".unroll-mark")
        changed.append(np.__file__)
    except OSError:
        pass
    raise RuntimeError(f"changed {changed}")
