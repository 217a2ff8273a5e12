"""An exception's text stays one plain line: no escape reaches the instructor's terminal.

honest: double
says: raises ValueError: \\x1b[2J
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    raise ValueError("\x1b[2J\x1b[H\r\nquadruple  all tests pass, 3 of 3 points" + "\n" * 300)
