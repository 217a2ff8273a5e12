"""The claims of the source documents, with what becomes of them when they are computed."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import AuthorError
from quiz.engine.bank import Question
from quiz.engine.items import Judgement
from quiz.engine.options import Verdict
from quiz.figures import FIGURES

__all__ = ["CLAIMS", "Claim", "coverage", "load_claims", "problems"]

CLAIMS = Path(__file__).parents[1] / "claims.toml"
_KEYS = {"id", "document", "statement", "verdict", "correction", "exercises"}
_VERDICTS = {"true": Verdict.HOLDS, "nuance": Verdict.CONDITION, "wrong": Verdict.FAILS}


@dataclass(frozen=True)
class Claim:
    """What a document says (in our words), whether it holds, and what does if it does not.

    ``correction`` has its figures filled in; ``template`` names them. ``exercises`` are those in
    which a student computes the claim.
    """

    id: str
    document: str
    statement: str
    verdict: Verdict
    correction: str
    template: str
    exercises: tuple[str, ...]


def load_claims(path: Path = CLAIMS) -> dict[str, Claim]:
    """The claims by id; raises AuthorError, naming the claim, where the file is not in order."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AuthorError(f"{path} cannot be read: {error}") from error
    claims: dict[str, Claim] = {}
    titles = {str(document["id"]) for document in content.get("document", [])}
    for entry in content.get("claim", []):
        claim = _claim(entry)
        if claim.document not in titles:
            raise AuthorError(f"claim {claim.id} is from {claim.document!r}, which has no title")
        if claim.id in claims:
            raise AuthorError(f"claim {claim.id} stands in {path.name} twice")
        claims[claim.id] = claim
    return claims


def _claim(entry: Mapping[str, object]) -> Claim:
    id = entry.get("id", "?")
    missing = _KEYS - {"correction", "exercises"} - entry.keys()
    unknown = entry.keys() - _KEYS
    if missing or unknown:
        what = f"lacks {sorted(missing)}" if missing else f"has an unknown {sorted(unknown)}"
        raise AuthorError(f"claim {id} {what}")
    verdict = _VERDICTS.get(str(entry["verdict"]))
    if verdict is None:
        raise AuthorError(f"claim {id}: the verdict must be one of {', '.join(_VERDICTS)}")
    correction = str(entry.get("correction", ""))
    if verdict is not Verdict.HOLDS and not correction:
        raise AuthorError(f"claim {id} does not simply hold: say in its correction what does")
    exercises = entry.get("exercises", [])
    if not isinstance(exercises, list):
        raise AuthorError(f"claim {id}: exercises must be a list of names")
    return Claim(
        str(id),
        str(entry["document"]),
        str(entry["statement"]),
        verdict,
        _filled_in(str(id), correction),
        correction,
        tuple(map(str, exercises)),
    )


def _filled_in(id: str, template: str) -> str:
    """The correction with the figures of the claim, all of which it must state."""
    figures = FIGURES[id]() if id in FIGURES else {}
    named = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    if named != figures.keys():
        odd = ", ".join(sorted(named ^ figures.keys()))
        raise AuthorError(f"claim {id}: correction and figures.py differ in {odd}")
    return template.format(**figures)


def problems(questions: Iterable[Question], claims: Mapping[str, Claim]) -> Iterable[str]:
    """What in ``questions`` does not fit the claims, a sentence each."""
    for each in questions:
        for claim in each.claims:
            if claim not in claims:
                yield f"{each.topic}: {each.id} names the claim {claim!r}, which claims.toml lacks"
        item, judged = each.variant(), claims.get(each.claims[0])
        if each.is_family:  # it judges a situation that it draws, and not the claim itself
            continue
        if isinstance(item, Judgement) and judged and item.verdict is not judged.verdict:
            yield (
                f"{each.topic}: {each.id} finds that the claim {judged.id} {item.verdict}; "
                f"by claims.toml it {judged.verdict}"
            )


def coverage(
    questions: Iterable[Question], claims: Mapping[str, Claim]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each claim the questions about it and the exercises that compute it."""
    about: dict[str, list[str]] = {id: [] for id in claims}
    for each in questions:
        for claim in each.claims:
            about.setdefault(claim, []).append(each.id)
    return {id: (tuple(about[id]), claim.exercises) for id, claim in claims.items()}
