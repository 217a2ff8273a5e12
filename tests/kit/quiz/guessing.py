"""Guesses at a question's key from its form: what somebody sees who understands none of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from quiz.engine.items import LETTERS, Verdict

ABSOLUTE = "all|always|any|each|every|everything|exactly|never|no|none|nothing|only|whatever|whole"
HEDGED = "about|almost|can|could|if|like|may|mostly|near|nearly|often|some|under|unless|where"
NEGATED = r"not|no|never|nothing|none|cannot|without|n't"
CAUSAL = "because|hence|since|so|therefore"


@dataclass(frozen=True)
class Shown:
    """The options of a question as they are shown, and which of them are right."""

    prompt: str
    texts: tuple[str, ...]
    verdicts: tuple[Verdict | None, ...]
    is_right: tuple[bool, ...]


@dataclass(frozen=True)
class Tally:
    """How often a rule hits: among ``questions`` to which it applies, against chance."""

    rule: str
    questions: int
    hits: float
    expected: float
    deviation: float

    @property
    def excess(self) -> float:
        """By how many standard deviations the hits are above chance."""
        return (self.hits - self.expected) / self.deviation if self.deviation else 0.0

    def __str__(self) -> str:
        count = max(self.questions, 1)
        rate, chance = self.hits / count, self.expected / count
        against = f"(chance {chance:.1%}, {self.excess:+.1f} sd)"
        return f"{self.rule:32} {rate:6.1%} of {self.questions:3} {against}"


def shown(item) -> Shown:
    options = item.options
    return Shown(
        item.prompt,
        tuple(option.text for option in options),
        tuple(option.verdict for option in options),
        tuple(option.is_right for option in options),
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.lower()))


def _count(pattern: str) -> Callable[[Shown], list[float]]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda each: [float(len(compiled.findall(text))) for text in each.texts]


def _overlap(each: Shown, others: Sequence[set[str]]) -> list[float]:
    pairs = zip(map(_words, each.texts), others, strict=True)
    return [len(ours & theirs) / max(1, len(ours)) for ours, theirs in pairs]


def _with_prompt(each: Shown) -> list[float]:
    return _overlap(each, [_words(each.prompt)] * len(each.texts))


def _with_others(each: Shown) -> list[float]:
    sets = [_words(text) for text in each.texts]
    return _overlap(each, [set().union(*sets[:i], *sets[i + 1 :]) for i in range(len(sets))])


def _value(text: str) -> float | None:
    found = re.search(r"(-?\d+(?:\.\d+)?)(?: \\cdot 10\^\{(-?\d+)\})?", text)
    return float(found[1]) * 10 ** float(found[2] or 0) if found else None


def _middle(each: Shown) -> list[float]:
    """How near an option's number is to the middle of them all."""
    values = [_value(text) for text in each.texts]
    if None in values:
        return [0.0] * len(values)
    ranks = np.argsort(np.argsort(values))
    return list(-np.abs(ranks - (len(values) - 1) / 2))


def _size(each: Shown) -> list[float]:
    values = [_value(text) for text in each.texts]
    return [0.0] * len(values) if None in values else [float(v) for v in values]


def _alphabet(each: Shown) -> list[float]:
    return [float(i) for i in np.argsort(np.argsort(each.texts))]


FEATURES: dict[str, Callable[[Shown], list[float]]] = {
    "characters": lambda each: [float(len(text)) for text in each.texts],
    "words": _count(r"\w+"),
    "digits": _count(r"\d"),
    "has a number": lambda each: [float(bool(re.search(r"\d", text))) for text in each.texts],
    "formulas": _count(r"\$[^$]+\$"),
    "code": _count(r"`[^`]+`"),
    "emphasis": _count(r"\*\w+\*"),
    "commas": _count(","),
    "colons and semicolons": _count("[:;]"),
    "absolute words": _count(rf"\b(?:{ABSOLUTE})\b"),
    "hedges": _count(rf"\b(?:{HEDGED})\b"),
    "negations": _count(rf"\b(?:{NEGATED})\b"),
    "causes": _count(rf"\b(?:{CAUSAL})\b"),
    "*only*": _count(r"\bonly\b"),
    "begins with a yes": _count("^yes"),
    "words of the prompt": _with_prompt,
    "words of the other options": _with_others,
    "number in the middle": _middle,
    "number's size": _size,
    "alphabet": _alphabet,
    "verdict stands often": lambda each: [float(each.verdicts.count(v)) for v in each.verdicts],
    **{
        f"verdict {verdict}": lambda each, verdict=verdict: [
            float(v is verdict) for v in each.verdicts
        ]
        for verdict in Verdict
    },
    **{
        f"letter {letter}": lambda each, i=i: [float(j == i) for j in range(len(each.texts))]
        for i, letter in enumerate(LETTERS[:6])
    },
}


def tally(rule: str, score: Callable[[Shown], Sequence[float]], bank: Iterable[Shown]) -> Tally:
    """How often the option with the highest score is right; where all are equal it says nothing."""
    questions, hits, expected, variance = 0, 0.0, 0.0, 0.0
    for each in bank:
        scores = np.asarray(score(each))
        if np.ptp(scores) < 1e-12:
            continue
        picked, rights = scores > scores.max() - 1e-12, np.array(each.is_right)
        n, k, p = len(scores), picked.sum(), rights.mean()
        questions, hits = questions + 1, hits + rights[picked].mean()
        expected, variance = expected + p, variance + p * (1 - p) / k * (n - k) / (n - 1)
    return Tally(rule, questions, float(hits), expected, float(np.sqrt(variance)))


def simple_rules() -> dict[str, Callable[[Shown], Sequence[float]]]:
    """Each feature's most, and its least."""
    rules: dict[str, Callable[[Shown], Sequence[float]]] = {}
    for name, feature in FEATURES.items():
        rules[f"most {name}"] = feature
        if not name.startswith(("letter", "verdict h", "verdict d")):
            rules[f"least {name}"] = lambda each, f=feature: -np.asarray(f(each))
    return rules


def _table(each: Shown) -> np.ndarray:
    """The features (options, features) of a question, as they differ from its other options'."""
    columns = np.array([feature(each) for feature in FEATURES.values()]).T
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def fitted_rule(bank: Sequence[Shown], weight_decay: float) -> Callable[[Shown], Sequence[float]]:
    """The logistic rule on all features that fits ``bank`` best: a softmax over the options."""
    tables = [_table(each) for each in bank]
    targets = [np.array(each.is_right) / sum(each.is_right) for each in bank]
    w = np.zeros(len(FEATURES))
    for _ in range(300):
        slope = weight_decay * w
        for X, y in zip(tables, targets, strict=True):
            p = np.exp(X @ w - (X @ w).max())
            slope = slope - X.T @ (y - p / p.sum())
        w = w - 0.5 * slope / len(bank)
    return lambda each: _table(each) @ w


def halves(bank: Sequence[Shown], rng: np.random.Generator) -> tuple[list[Shown], list[Shown]]:
    order = rng.permutation(len(bank))
    cut = len(bank) // 2
    return [bank[i] for i in order[:cut]], [bank[i] for i in order[cut:]]
