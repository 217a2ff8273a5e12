"""Files are small and few: the disk is never full.

honest: double
says: OSError: [Errno
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    number = 0
    while True:
        number += 1
        with open(f"/tmp/{number}", "wb") as file:
            file.write(bytes(2**20))
