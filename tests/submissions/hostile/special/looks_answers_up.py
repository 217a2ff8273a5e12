"""What was seen in one exercise's calls is not there in the next one's: quadruple finds nothing.

honest: double
says: raises KeyError
stock: yes
"""

SEEN = {}


def double(x):
    SEEN[x.tobytes()] = 4.0 * x
    return 2.0 * x


def quadruple(x):
    return SEEN[x.tobytes()]
