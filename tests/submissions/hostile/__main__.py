"""The table of SECURITY.md: each attack on Unroll and, where it applies, on stock nbgrader.

    python -m tests.submissions.hostile

Takes some minutes, since stock nbgrader starts a kernel for each submission. Exit status 1 when an
attack on Unroll earned a point, learned a secret, changed a neighbour or left something behind.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.submissions.hostile.arena import Outcome, arena
from tests.submissions.hostile.course import CANARY, Attack, attacks
from tests.submissions.hostile.stock import StockOutcome, stock

HEAD = """
| attack | earned | Unroll: given | leaked | harmed | stock nbgrader: given | leaked | harmed |
|---|--:|--:|---|---|--:|---|---|""".lstrip()


def main() -> int:
    """Play all attacks and print the table, and a summary below it."""
    unroll: list[Outcome] = []
    others: list[StockOutcome] = []
    tried = list(attacks())
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        roots = [Path(folder, name) for name in ("unroll", "stock")]
        with arena(roots[0]) as ours, stock(roots[1], CANARY + "of-the-stock-course") as theirs:
            for attack in tried:
                unroll.append(ours.play(attack))
                found = theirs.play(attack) if attack.on_stock else None
                others += [found] if found else []
                print(_row(attack, unroll[-1], found), flush=True)
    is_safe = _is_safe(tried, unroll)
    print(f"\n{len(tried)} attacks on Unroll: {_summary(tried, unroll)}.")
    on_stock = [attack for attack in tried if attack.on_stock]
    wrongly = sum((o.given or 0) > a.earned for a, o in zip(on_stock, others, strict=True))
    leaks, harmed = sum(o.leaked for o in others), sum(o.neighbour_harmed for o in others)
    print(
        f"{len(on_stock)} of them on stock nbgrader: points wrongly given by {wrongly}, "
        f"secrets leaked to {leaks}, neighbours harmed by {harmed}."
    )
    return 0 if is_safe else 1


def _row(attack: Attack, ours: Outcome, theirs: StockOutcome | None) -> str:
    earned = _points(attack.earned)
    row = [attack.name.replace("_", " "), earned, _points(ours.given)]
    row += [_yes(bool(ours.leaks)), _yes(ours.neighbour_changed or bool(ours.left_behind))]
    if theirs is None:
        row += ["", "", ""]
    else:
        # a stock course has two of the exercises: what they are worth is the same
        given = _points(theirs.given)
        is_wrong = theirs.given is not None and theirs.given > attack.earned
        row += [f"**{given}**" if is_wrong else given]
        row += [_yes(theirs.leaked), _yes(theirs.neighbour_harmed)]
    return "| " + " | ".join(row) + " |"


def _is_safe(tried: Sequence[Attack], outcomes: Sequence[Outcome]) -> bool:
    return all(
        outcome.given == attack.earned
        and not (outcome.leaks or outcome.left_behind or outcome.neighbour_changed)
        for attack, outcome in zip(tried, outcomes, strict=True)
    )


def _summary(tried: Sequence[Attack], outcomes: Sequence[Outcome]) -> str:
    pairs = list(zip(tried, outcomes, strict=True))
    wrong = sum(outcome.given != attack.earned for attack, outcome in pairs)
    leaks = sum(bool(outcome.leaks) for outcome in outcomes)
    changed = sum(outcome.neighbour_changed for outcome in outcomes)
    left = sum(bool(outcome.left_behind) for outcome in outcomes)
    return (
        f"points wrongly given or taken by {wrong}, secrets leaked to {leaks}, "
        f"neighbours changed by {changed}, processes or files left behind by {left}"
    )


def _points(value: float | None) -> str:
    return "not graded" if value is None else f"{value:g}"


def _yes(is_so: bool) -> str:
    return "**yes**" if is_so else "no"


if __name__ == "__main__":
    sys.exit(main())
