"""No module of the course or of the grader can be imported: the stand-ins are empty.

honest: double
says: RuntimeError: imported []
"""

import importlib
import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "Importer"]
    for name in [name for name in sys.modules if name.startswith("autograder")]:
        del sys.modules[name]
    sys.path[:0] = ["", ".", "..", "../..", "/unroll", "/work", "/root", "/home"]
    imported = []
    for name in (
        "solutions.a0_toy",
        "tests.a0_toy.double.test_hidden",
        "autograder.judging.judge",
        "autograder.suite",
        "autograder.core.course",
        "hypothesis",
        "nbgrader",
    ):
        try:
            importlib.import_module(name)
            imported.append(name)
        except ImportError:
            pass
    raise RuntimeError(f"imported {imported}")
