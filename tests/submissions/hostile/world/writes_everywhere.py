"""Nothing can be written but a few megabytes of scratch, which end with the sandbox.

honest: double
says: RuntimeError: wrote ['/tmp']
stock: yes
"""

import os


def double(x):
    return 2.0 * x


def quadruple(x):
    wrote = []
    for folder in ("/", "/dev", "/etc", "/home/student", "/root", "/tmp", "/unroll", "/usr/lib",
                   "/var/tmp", "/dev/shm", "..", "../../../source"):  # fmt: skip
        try:
            with open(os.path.join(folder, "unroll-mark"), "w") as file:
                file.write("was here")
            wrote.append(folder)
        except OSError:
            pass
    raise RuntimeError(f"wrote {wrote}")
