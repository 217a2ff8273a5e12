"""What the tests of practice share."""

from __future__ import annotations

import numpy as np

from quiz.engine import Number, Ordering, Several
from quiz.engine.session import Session

TOPIC = "vanishing"


def wrong_answer(item):
    if isinstance(item, Number):
        return item.slips[0].value
    if isinstance(item, Ordering):
        return item.order[1:] + item.order[0]
    letter = next(letter for letter, option in item.lettered.items() if not option.is_right)
    return {letter} if isinstance(item, Several) else letter


def new_session():
    return Session.start([TOPIC], np.random.default_rng(0))
