"""What is printed is not read as a report: quadruple returns nothing.

honest: double
says: None (is a `return` missing?)
stock: yes
"""

import json
import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    report = {"assignment": "a0_toy", "score": 8.0, "max_score": 8.0, "exercises": []}
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        print(json.dumps(report), file=stream, flush=True)
