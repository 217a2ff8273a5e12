"""Mutation testing of the solutions, with the hidden suites as the judge.

    python -m tests.mutation

mutmut changes the solutions a little, thousands of times. A change that no hidden test notices is
a survivor: each is either listed in ``survivors.toml`` with the reason why it is no mistake, or a
gap in the tests. Ends with status 1 where a survivor is not listed or too few mutants are killed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parent
LEAST_KILLED = 0.97
_NAME = re.compile(r"solutions\.(\w+)\.x_(\w+)__mutmut_\d+: (.+)")


def mutmut(*arguments: str) -> str:
    """The output of a mutmut command."""
    line = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"mutmut {arguments[0]} failed:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run.stdout


def change(mutant: str) -> str:
    """What a mutant has in place of the original's lines."""
    lines = mutmut("show", mutant).splitlines()
    added = [line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"]
    return " ".join(added)


def listed() -> dict[tuple[str, str], dict[str, str]]:
    """The survivors that are known, by assignment and function: each change with its reason."""
    content = tomllib.loads((FOLDER / "survivors.toml").read_text())
    return {
        (assignment, function): {entry["change"]: entry["reason"] for entry in entries}
        for assignment, functions in content.items()
        for function, entries in functions.items()
    }


def main() -> int:
    """Run, compare with the list, and print a table."""
    mutmut("run", "--max-children", "2")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    unlisted = []
    known = listed()
    for line in mutmut("results", "--all", "true").splitlines():
        if found := _NAME.search(line):
            assignment, function, outcome = found.groups()
            counts[assignment]["all"] += 1
            counts[assignment][outcome] += 1
            if outcome == "survived":
                mutant = line.strip().partition(":")[0]
                text = change(mutant)
                if text in known.get((assignment, function), {}):
                    counts[assignment]["listed"] += 1
                else:
                    unlisted.append((mutant, text))
    table = Table("assignment", "mutants", "killed", "timed out", "survived", "of them listed")
    for assignment, count in sorted(counts.items()):
        keys = ("all", "killed", "timeout", "survived", "listed")
        table.add_row(assignment, *(str(count[key]) for key in keys))
    Console().print(table)
    for mutant, text in unlisted:
        print(f"not listed: {mutant}: {text}")
    judged = sum(count["all"] - count["listed"] for count in counts.values())
    killed = sum(count["killed"] + count["timeout"] for count in counts.values())
    share = killed / max(judged, 1)
    print(f"{killed} of {judged} mutants that are mistakes were killed: {share:.1%}")
    return int(bool(unlisted) or share < LEAST_KILLED)


if __name__ == "__main__":
    sys.exit(main())
