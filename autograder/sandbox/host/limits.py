"""Limits on what a submission may use: those of the operating system and of the clock."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """Wall time in seconds; memory, files and replies in bytes.

    ``address_space`` limits each process, ``memory`` all of them together, if the machine offers a
    control group.

    ``callback_size`` limits the work that one callback may cause on the trusted side: the number of
    numbers in its arguments, times the integers among them (each may be a length).

    The limits of time are generous: an exercise takes milliseconds, a busy machine must fail
    nobody, and only code that never returns shall meet them.
    """

    call_seconds: float = 5.0
    cell_seconds: float = 5.0
    exercise_seconds: float = 20.0
    submission_seconds: float = 240.0
    start_seconds: float = 30.0
    timeouts_per_exercise: int = 2
    callbacks_per_call: int = 20_000
    callback_size: int = 10_000
    replies_per_exercise: int = 64 * MEGABYTE
    cpu_seconds: int = 60
    address_space: int = 2048 * MEGABYTE
    memory: int = 3072 * MEGABYTE
    file_size: int = 1 * MEGABYTE
    scratch: int = 8 * MEGABYTE
    open_files: int = 64
    processes: int = 16

    def of_system(self) -> dict[str, int]:
        """The limits that the guest sets on itself, by their names in ``resource``."""
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_AS": self.address_space,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_NPROC": self.processes + 1,  # the namespace's first process only waits
            "RLIMIT_CORE": 0,
        }
