"""Fuzz one target in a process of its own: ``python -m tests.fuzz.run TARGET RUNS FOLDER``.

atheris finds inputs by coverage; where it has no wheel, seeds are changed at random. The process
ends with a status other than 0 at the first input that breaks a promise, takes 10 s, or takes too
much memory (1 GB with atheris, otherwise 4 GB); it leaves that input in FOLDER.

``tests.fuzz`` starts it.
"""

from __future__ import annotations

import faulthandler
import random
import resource
import sys
import warnings
from pathlib import Path

from tests.fuzz.corpus import load

_SECONDS, _MEGABYTES = 10, 1024
_LONGEST = {"wire": 4096, "notebook": 4096, "cell": 120}  # IPython reads a cell many times


def by_coverage(target: str, runs: int, folder: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["autograder", "IPython.core.inputtransformer2"]):
        from tests.fuzz.seeds import seeds
        from tests.fuzz.targets import TARGETS
    inputs = folder / "inputs"
    inputs.mkdir()
    for i, data in enumerate([*seeds(target), *load(target)]):
        (inputs / f"seed-{i}").write_bytes(data)
    options = [
        f"-runs={runs}",
        f"-timeout={_SECONDS}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-max_len={_LONGEST[target]}",
        f"-artifact_prefix={folder}/",
        "-seed=1",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(inputs)], TARGETS[target])
    atheris.Fuzz()


def at_random(target: str, runs: int, folder: Path) -> None:
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS

    resource.setrlimit(resource.RLIMIT_AS, (4 * _MEGABYTES * 2**20,) * 2)
    rng, known = random.Random(1), [*seeds(target), *load(target)]
    current = folder / "crash"  # written before each try: a killed process leaves its input
    for i in range(runs):
        data = mutated(rng, rng.choice(known)[: _LONGEST[target]], rng.choice(known))
        if i % 100 == 0:
            faulthandler.dump_traceback_later(100 * _SECONDS, exit=True)
        current.write_bytes(data)
        TARGETS[target](data)
    current.unlink()
    print(f"stat::number_of_executed_units: {runs}", file=sys.stderr)


def mutated(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """``data`` with a few bytes changed, cut out, doubled, or taken from ``other``."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at, size = rng.randint(0, len(changed)), rng.randint(0, 8)
        start = rng.randint(0, len(other))
        changes = (
            rng.randbytes(size),
            bytes(changed[at : at + size]) * 2,
            b"",
            other[start : start + 4 * size],
        )
        changed[at : at + size] = rng.choice(changes)
    return bytes(changed)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    try:
        import atheris  # noqa: F401

        way = by_coverage
    except ImportError:
        way = at_random
    way(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
