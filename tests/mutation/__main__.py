"""Mutation testing of the solutions, with the hidden suites as the judge.

    python -m tests.mutation

mutmut changes the solutions a little, thousands of times. A change that no hidden test notices is
a survivor: each is either listed in ``survivors.toml`` with the reason why it is no mistake, or a
gap in the tests. Ends with status 1 where the list and the survivors differ or too few are killed.
Code that is given to the students, and that no hidden test runs, is not judged.
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


def listed() -> set[str]:
    """The survivors that are known, as "assignment.function: change"."""
    groups = tomllib.loads((FOLDER / "survivors.toml").read_text())["survivors"]
    return {mutant for group in groups if group["why"] for mutant in group["mutants"]}


def main() -> int:
    """Run, compare with the list, and print a table."""
    mutmut("run", "--max-children", "2")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    known, survivors = listed(), set()
    for line in mutmut("results", "--all", "true").splitlines():
        if found := _NAME.search(line):
            assignment, function, outcome = found.groups()
            counts[assignment][outcome] += 1
            if outcome == "survived":
                survivor = f"{assignment}.{function}: {change(line.strip().partition(':')[0])}"
                survivors.add(survivor)
                counts[assignment]["listed"] += survivor in known
    table = Table("assignment", "killed", "timed out", "survived", "of them listed", "given code")
    for assignment, count in sorted(counts.items()):
        keys = ("killed", "timeout", "survived", "listed", "no tests")
        table.add_row(assignment, *(str(count[key]) for key in keys))
    Console().print(table)
    for survivor in sorted(survivors - known):
        print(f"not listed: {survivor}")
    for survivor in sorted(known - survivors):
        print(f"listed, and no survivor: {survivor}")
    killed = sum(count["killed"] + count["timeout"] for count in counts.values())
    judged = killed + sum(count["survived"] for count in counts.values())
    mistakes = judged - sum(count["listed"] for count in counts.values())
    share = killed / max(mistakes, 1)
    print(f"{killed} of {judged} mutants were killed, {killed} of {mistakes} ({share:.1%}) that")
    print("are not listed as harmless.")
    return int(survivors != known or share < LEAST_KILLED)


if __name__ == "__main__":
    sys.exit(main())
