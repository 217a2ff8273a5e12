"""Each export format, with its writer and a reader that shares nothing with it."""

from __future__ import annotations

import pytest

from quiz.export.gift import gift_text
from quiz.export.moodle import moodle_xml
from quiz.export.qti import qti_package
from tests.kit.quiz.read_gift import read_gift
from tests.kit.quiz.read_moodle import read_moodle
from tests.kit.quiz.read_qti import read_qti

FORMATS = {
    "moodle": (moodle_xml, read_moodle),
    "gift": (gift_text, read_gift),
    "qti": (qti_package, read_qti),
}
in_each_format = pytest.mark.parametrize("format", FORMATS)


def read_back(format, entries, topic="vanishing"):
    """The sheets of ``entries`` after writing and reading."""
    write, read = FORMATS[format]
    return read(write(topic, entries))[1]
