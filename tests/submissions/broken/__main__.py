"""Shows how the reports on broken submissions differ from those on file; --accept keeps them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.submissions.broken.golden import CASES, Bench, difference, write

if sys.argv[1:] == ["--accept"]:
    for name in write():
        print(name)
elif sys.argv[1:]:
    sys.exit("usage: python -m tests.submissions.broken [--accept]")
else:
    changed = 0
    with tempfile.TemporaryDirectory() as root:
        bench = Bench(Path(root))
        for case in CASES:
            if diff := difference(case, bench.result(case)):
                changed += 1
                print(f"{case.name}: {case.must}\n{diff}\n")
    print(f"{changed} of {len(CASES)} reports changed")
    sys.exit(1 if changed else 0)
