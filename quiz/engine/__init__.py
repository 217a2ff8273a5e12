"""What asks, marks and shows questions; the questions themselves are the modules beside it."""

from quiz.engine.bank import Question, load_file, load_topic, question
from quiz.engine.items import (
    CONDITION,
    FAILS,
    HOLDS,
    Choice,
    Item,
    Judgement,
    Number,
    Option,
    Several,
    Slip,
    Verdict,
    right,
    slip,
    wrong,
)
from quiz.engine.marking import AnswerError, Mark, mark, right_answer

__all__ = [
    "CONDITION",
    "FAILS",
    "HOLDS",
    "AnswerError",
    "Choice",
    "Item",
    "Judgement",
    "Mark",
    "Number",
    "Option",
    "Question",
    "Several",
    "Slip",
    "Verdict",
    "load_file",
    "load_topic",
    "mark",
    "question",
    "right",
    "right_answer",
    "slip",
    "wrong",
]
