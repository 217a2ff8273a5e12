"""Typical wrong answers to `train_with_checkpoints`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _all_finite, _copy


def _train(
    step, params, n_steps, every, *,
    is_good=lambda loss, params: np.isfinite(loss) and _all_finite(params),
    lower=lambda rate: rate / 2, rewinds=True, due=lambda count, every: count % every == 0,
    most=10, after_save=lambda rate: rate, result=lambda new, saved: new,
    last_result=lambda new, saved: saved,
):  # fmt: skip
    """Training with checkpoints whose parts can be exchanged; right as it stands."""
    current, checkpoint, count, saved_at = _copy(params), _copy(params), 0, 0
    rate, restarts = 0.1, 0
    while count < n_steps:
        new, loss = step(current, rate)
        if is_good(loss, new):
            current, count = new, count + 1
            if due(count, every):
                checkpoint, saved_at, rate = _copy(new), count, after_save(rate)
        elif restarts == most:
            return last_result(new, checkpoint), restarts
        else:
            current, count = _copy(checkpoint), saved_at if rewinds else count + 1
            rate, restarts = lower(rate), restarts + 1
    return result(current, checkpoint), restarts


@misconception("train_with_checkpoints")
def shallow_copy(step, params, n_steps, every):
    """Your checkpoint holds the very arrays that training goes on to change, not copies of them, so
    it breaks together with them. Copy each array when you save, and again when you go back."""
    current, count = _copy(params), 0
    checkpoint, saved_at = dict(current), 0
    rate, restarts = 0.1, 0
    while count < n_steps:
        new, loss = step(current, rate)
        for name in current:
            current[name][...] = new[name]
        if np.isfinite(loss) and _all_finite(current):
            count += 1
            if count % every == 0:
                checkpoint, saved_at = dict(current), count
        elif restarts == 10:
            return checkpoint, restarts
        else:
            current, count = dict(checkpoint), saved_at
            rate, restarts = rate / 2, restarts + 1
    return current, restarts


@misconception("train_with_checkpoints")
def saves_the_bad_state(step, params, n_steps, every):
    """Your function saves a checkpoint before it looks whether the step was good, so the state that
    it goes back to can be broken. Check first, save afterwards."""
    current, checkpoint, count, saved_at = _copy(params), _copy(params), 0, 0
    rate, restarts = 0.1, 0
    while count < n_steps:
        new, loss = step(current, rate)
        if (count + 1) % every == 0:
            checkpoint, saved_at = _copy(new), count + 1
        if np.isfinite(loss) and _all_finite(new):
            current, count = new, count + 1
        elif restarts == 10:
            return checkpoint, restarts
        else:
            current, count = _copy(checkpoint), saved_at
            rate, restarts = rate / 2, restarts + 1
    return current, restarts


@misconception("train_with_checkpoints")
def checks_the_loss_only(step, params, n_steps, every):
    """Your function looks at the loss only. That is the loss before the step: the new params may
    already hold a NaN, and be saved or returned with it. Look at every array of them, too."""
    return _train(step, params, n_steps, every, is_good=lambda loss, _: np.isfinite(loss))


@misconception("train_with_checkpoints")
def checks_the_params_only(step, params, n_steps, every):
    """Your function looks at the params and not at the loss: a step whose loss is NaN or infinite
    is bad, too."""
    return _train(step, params, n_steps, every, is_good=lambda _, new: _all_finite(new))


@misconception("train_with_checkpoints")
def checks_for_nan_only(step, params, n_steps, every):
    """Your function looks for NaN only. Infinities are broken numbers, too: use np.isfinite."""
    return _train(
        step, params, n_steps, every,
        is_good=lambda loss, new: not (
            np.isnan(loss) or any(np.any(np.isnan(p)) for p in new.values())
        ),
    )  # fmt: skip


@misconception("train_with_checkpoints")
def never_checks(step, params, n_steps, every):
    """Your function never looks whether a step was good. Look at the loss and at the new params
    after each one."""
    return _train(step, params, n_steps, every, is_good=lambda *_: True)


@misconception("train_with_checkpoints")
def patches_the_bad_state(step, params, n_steps, every):
    """Your function replaces broken numbers by others and goes on. The state is then no longer the
    result of any training: throw the step away and go back to the checkpoint."""
    current = _copy(params)
    for _ in range(n_steps):
        new, _ = step(current, 0.1)
        current = {name: np.nan_to_num(p, posinf=0.0, neginf=0.0) for name, p in new.items()}
    return current, 0


@misconception("train_with_checkpoints")
def learning_rate_kept(step, params, n_steps, every):
    """Your function goes back to the checkpoint with the same learning rate, so the same accident
    happens again and again. Halve it at each restart."""
    return _train(step, params, n_steps, every, lower=lambda rate: rate)


@misconception("train_with_checkpoints")
def learning_rate_divided_by_ten(step, params, n_steps, every):
    """Your function divides the learning rate by ten at a restart. Here it is halved."""
    return _train(step, params, n_steps, every, lower=lambda rate: rate / 10)


@misconception("train_with_checkpoints")
def learning_rate_raised_again(step, params, n_steps, every):
    """Your function goes back to the first learning rate at the next checkpoint. Once halved, it
    never rises again."""
    return _train(step, params, n_steps, every, after_save=lambda _: 0.1)


@misconception("train_with_checkpoints")
def steps_not_taken_again(step, params, n_steps, every):
    """Your function goes back to the checkpoint but not in its count, as a `for` loop does: so the
    result has fewer than n_steps good steps behind it. Put the count back to where the checkpoint
    was saved."""
    return _train(step, params, n_steps, every, rewinds=False)


@misconception("train_with_checkpoints")
def starts_all_over(step, params, n_steps, every):
    """Your function goes back to the very beginning. Save a checkpoint after every `every` good
    steps, and go back to the last one."""
    return _train(step, params, n_steps, every, due=lambda *_: False)


@misconception("train_with_checkpoints")
def retries_the_step(step, params, n_steps, every):
    """Your function goes back to the state just before the bad step. That state may be what led to
    the accident: go back to the last checkpoint, saved after every `every` good steps."""
    return _train(step, params, n_steps, every, due=lambda *_: True)


@misconception("train_with_checkpoints")
def saved_one_step_late(step, params, n_steps, every):
    """Your checkpoints are saved after 1, every + 1, 2 · every + 1, … good steps. Count the step
    first, then look whether the count is a multiple of every."""
    return _train(step, params, n_steps, every, due=lambda count, every: (count - 1) % every == 0)


@misconception("train_with_checkpoints")
def returns_the_checkpoint(step, params, n_steps, every):
    """Your function returns the last checkpoint. Where the training reaches its end, return the
    params after n_steps good steps: the checkpoint may be older."""
    return _train(step, params, n_steps, every, result=lambda _, saved: saved)


@misconception("train_with_checkpoints")
def no_end_of_restarts(step, params, n_steps, every):
    """Your function restarts without end: a run that breaks at any learning rate never comes back.
    Give up after ten restarts, with the last checkpoint."""
    return _train(step, params, n_steps, every, most=1000)


@misconception("train_with_checkpoints")
def ends_one_restart_early(step, params, n_steps, every):
    """Your function gives up at the tenth restart. Ten are allowed, and only a bad step after the
    tenth ends the run: count from 0, or compare with > instead of >=."""
    return _train(step, params, n_steps, every, most=9)


@misconception("train_with_checkpoints")
def gives_up_with_the_bad_state(step, params, n_steps, every):
    """Your function gives up after ten restarts, and then returns the broken state. Return the last
    checkpoint."""
    return _train(step, params, n_steps, every, last_result=lambda new, _: new)


@misconception("train_with_checkpoints")
def trains_the_callers_params(step, params, n_steps, every):
    """Your result is right, but your function writes it into the caller's arrays. Work on copies
    from the beginning."""
    result, restarts = _train(step, params, n_steps, every)
    for name, p in params.items():
        p[...] = result[name]
    return params, restarts
