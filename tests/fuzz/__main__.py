"""Try many inputs: ``python -m tests.fuzz [RUNS] [--save]``; --save keeps some for the tests."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import save
from tests.fuzz.strategies import messages, notebooks, sources
from tests.fuzz.targets import TARGETS

_SHARES = {"wire": 0.65, "notebook": 0.25, "cell": 0.05}  # of the runs; Hypothesis draws the rest
_STRATEGIES: dict[str, st.SearchStrategy[bytes]] = {
    "wire": messages,
    "notebook": notebooks,
    "cell": sources.map(lambda text: text.encode("utf-8", "surrogatepass")),
}


def by_hypothesis(target: str, runs: int) -> int:
    tried = 0

    @settings(
        max_examples=runs, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(_STRATEGIES[target])
    def test(data: bytes) -> None:
        nonlocal tried
        tried += 1
        TARGETS[target](data)

    test()
    return tried


def in_a_process(target: str, runs: int, keep: bool) -> int:
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.fuzz.run", target, str(runs), name]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        found = [path for path in Path(name).iterdir() if path.is_file()]
        if run.returncode or found:
            for path in found:
                print(f"{target}: {path.name}: {path.read_bytes()!r}")
            sys.exit(f"{target}: a promise is broken\n{run.stderr[-4000:]}")
        if keep:
            inputs = (path.read_bytes() for path in Path(name, "inputs").glob("*"))
            print(f"{target}: {save(target, inputs)} inputs are on file")
        count = re.search(r"stat::number_of_executed_units: (\d+)", run.stderr)
        return int(count[1]) if count else 0


def main(runs: int, keep: bool) -> None:
    total = 0
    for target, share in _SHARES.items():
        start = time.monotonic()
        rest = (1 - sum(_SHARES.values())) / len(_SHARES)
        tried = by_hypothesis(target, int(runs * rest) + 1)
        tried += in_a_process(target, int(runs * share), keep)
        total += tried
        print(
            f"{target}: {tried} inputs in {time.monotonic() - start:.0f} s, all is well", flush=True
        )
    print(f"{total} inputs")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    numbers = [argument for argument in sys.argv[1:] if argument != "--save"]
    main(int(numbers[0]) if numbers else 1_000_000, "--save" in sys.argv)
