"""The questions for practice as files that learning platforms read: QTI 1.2, Moodle XML, GIFT."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.core.errors import UserError
from quiz import TOPICS
from quiz.export.entries import entries_of

__all__ = ["export"]


def export(topics: Sequence[str], folder: Path) -> list[Path]:
    """Write the questions on ``topics`` (on all, when none is named) into ``folder``.

    A topic gives three files: ``vanishing.qti.zip`` for Canvas, and ``vanishing.moodle.xml`` and
    ``vanishing.gift.txt`` for Moodle. The same questions give the same bytes.

    Raises UserError for an unknown topic, a folder that cannot be written to, and where the
    libraries for the export are missing.
    """
    try:
        from quiz.export.gift import gift_text
        from quiz.export.moodle import moodle_xml
        from quiz.export.qti import qti_package
    except ModuleNotFoundError as error:
        library = str(error.name).partition(".")[0]
        what = "which is not installed: pip install 'unroll-course[export]'"
        raise UserError(f"the export needs the library {library}, {what}") from error
    writers = {"qti.zip": qti_package, "moodle.xml": moodle_xml, "gift.txt": gift_text}
    contents = {}
    for topic in topics or TOPICS:
        entries = entries_of(topic)
        for ending, write in writers.items():
            contents[folder / f"{topic}.{ending}"] = write(topic, entries)
    for path, content in contents.items():
        _write(path, content)
    return list(contents)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        what = "name a folder that you may write to"
        raise UserError(f"{path} cannot be written ({error.strerror}): {what}") from error
