"""The work of a worker: judge and convert one submission after another."""

from __future__ import annotations

import threading
import time

from traitlets.config import Config

from autograder.classroom.bundle import Bundle
from autograder.classroom.job import Done, Job
from autograder.core.results import Report
from autograder.core.untrusted_text import sentence
from autograder.nbgrader_bridge.conversion import Conversion
from autograder.submission.notebook import Submission, parse

__all__ = ["Grader"]


class Grader:
    """A grader with one bundle, for workers; it locks, because running tests is not thread-safe."""

    def __init__(self, bundle: Bundle) -> None:
        self._name, self._judge = f"{bundle.assignment}.ipynb", bundle.judge()
        self._conversion = Conversion(Config(bundle.settings), bundle.assignment, bundle.structure)
        self._lock = threading.Lock()

    def grade(self, job: Job) -> Done:
        """Grade ``job``. Never raises: an error becomes the ``problem`` of the outcome."""
        with self._lock:
            try:
                return self._grade(job)
            except Exception as error:
                return Done(job.student, problem=sentence(error), seconds={"judge": 0.0})

    def _grade(self, job: Job) -> Done:
        start = time.process_time()
        seconds = {"judge": 0.0, "sandbox": 0.0}

        def add_sandbox(used: float) -> None:
            seconds["sandbox"] += used

        def judge(submission: Submission) -> Report:
            begun = time.process_time()
            report = self._judge.grade(submission, job.earlier, add_sandbox)
            seconds["judge"] = time.process_time() - begun
            return report

        content = parse(job.content, self._name)
        done = self._conversion.convert(content, job.student, judge)
        seconds["convert"] = time.process_time() - start - seconds["judge"]
        return Done(job.student, done.notebook, done.grades, done.report, seconds=seconds)
