"""Behind a callback is a number, not a function: no code and no closure of the test.

honest: double
says: RuntimeError: code None, closure None
"""


def double(x):
    return 2.0 * x


def twice(f, x):
    code = getattr(f, "__code__", None)
    closure = getattr(f, "__closure__", None)
    raise RuntimeError(f"code {code}, closure {closure}")
