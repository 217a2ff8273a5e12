"""Hostile submissions get what their honest parts earn, learn nothing, and change nothing."""

from __future__ import annotations

import pytest

from tests.submissions.hostile.arena import arena as make_arena
from tests.submissions.hostile.course import attacks

ATTACKS = list(attacks())


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    with make_arena(tmp_path_factory.mktemp("hostile")) as found:
        yield found


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gets_what_its_honest_parts_earn_and_nothing_else(arena, attack):
    outcome = arena.play(attack)
    scores = {exercise.name: exercise.score for exercise in outcome.report.exercises}
    assert {name for name, score in scores.items() if score} == set(attack.honest), outcome.text
    assert outcome.given == attack.earned
    assert attack.says in outcome.text
    assert len(outcome.text) < 20_000
    assert all(c.isprintable() or c == "\n" for c in outcome.text)
    assert outcome.leaks == ()
    assert outcome.left_behind == ()
    assert not outcome.neighbour_changed


def test_there_are_attacks_of_every_class():
    classes = {attack.name.partition("/")[0] for attack in ATTACKS}
    assert classes == {
        "forge", "protocol", "reach_out", "resources", "secrets", "special", "world",
    }  # fmt: skip
    assert len(ATTACKS) >= 50
