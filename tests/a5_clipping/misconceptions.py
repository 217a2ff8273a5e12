"""Typical wrong answers to assignment 5, each with the hint that its author needs."""

from __future__ import annotations

import numpy as np

from autograder.suite import misconception


def _weights(D, H, scale, rng):
    return rng.standard_normal((D, H)) / np.sqrt(D), scale * np.eye(H), np.zeros(H)


@misconception("identity_init")
def matrix_of_ones(D, H, scale, rng):
    """Your Wh is scale everywhere. A matrix of ones multiplies by H at every step; the "one" among
    matrices has ones on the diagonal only."""
    Wx, _, b = _weights(D, H, scale, rng)
    return Wx, scale * np.ones((H, H)), b


@misconception("identity_init")
def identity_for_the_input(D, H, scale, rng):
    """Your Wx is the identity, too. The recipe is for Wh alone: Wx is drawn from rng."""
    _, Wh, b = _weights(D, H, scale, rng)
    return np.eye(D, H), Wh, b


@misconception("identity_init")
def bias_as_a_matrix(D, H, scale, rng):
    """Your b is a matrix. There is one bias for each unit: an array of shape (H,)."""
    Wx, Wh, _ = _weights(D, H, scale, rng)
    return Wx, Wh, np.zeros((H, H))


@misconception("identity_init")
def bias_as_a_row(D, H, scale, rng):
    """Your b has shape (1, H). It should have one axis only, (H,)."""
    Wx, Wh, _ = _weights(D, H, scale, rng)
    return Wx, Wh, np.zeros((1, H))


@misconception("identity_init")
def scale_forgotten(D, H, scale, rng):
    """Your Wh is the identity whatever scale is: multiply it by scale."""
    Wx, _, b = _weights(D, H, scale, rng)
    return Wx, np.eye(H), b


@misconception("identity_init")
def scale_on_the_input_weights(D, H, scale, rng):
    """Your scale multiplies Wx. It belongs to Wh: Wh = scale * I, and Wx does not depend on it."""
    Wx, _, b = _weights(D, H, scale, rng)
    return scale * Wx, np.eye(H), b


@misconception("identity_init")
def input_weights_not_divided(D, H, scale, rng):
    """Your Wx is not divided by the root of D: with many inputs, x @ Wx would be large."""
    Wx, Wh, b = _weights(D, H, scale, rng)
    return Wx * np.sqrt(D), Wh, b


@misconception("identity_init")
def divided_by_the_state_size(D, H, scale, rng):
    """Your Wx is divided by the root of H. The sum in x @ Wx has D terms, so the divisor is the
    root of D."""
    Wx, Wh, b = _weights(D, H, scale, rng)
    return Wx * np.sqrt(D) / np.sqrt(H), Wh, b


@misconception("identity_init")
def generator_of_its_own(D, H, scale, rng):
    """Your function makes a generator of its own, so it draws the same numbers in every call. Draw
    from the rng that it is given."""
    return _weights(D, H, scale, np.random.default_rng(0))


@misconception("orthogonal_init")
def columns_only_normalised(H, rng):
    """Your columns have length 1, but they are not orthogonal to each other: QᵀQ has numbers beside
    its diagonal. `np.linalg.qr` does both."""
    drawn = rng.standard_normal((H, H))
    return drawn / np.linalg.norm(drawn, axis=0)


@misconception("orthogonal_init")
def rows_only_normalised(H, rng):
    """Your rows have length 1, but they are not orthogonal to each other. Orthogonalise the
    matrix: `np.linalg.qr` does it."""
    drawn = rng.standard_normal((H, H))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@misconception("orthogonal_init")
def gaussian_scaled(H, rng):
    """Your matrix is Gaussian, divided by the root of H. Its columns have length 1 on average only,
    and they are not orthogonal."""
    return rng.standard_normal((H, H)) / np.sqrt(H)


@misconception("orthogonal_init")
def signs_left_to_the_library(H, rng):
    """Your matrix is orthogonal, with the signs that the library happens to choose. Multiply each
    column of Q by the sign of the diagonal entry of R that belongs to it."""
    return np.linalg.qr(rng.standard_normal((H, H)))[0]


@misconception("orthogonal_init")
def signs_on_the_rows(H, rng):
    """Your function multiplies the rows of Q by the signs of R's diagonal. In A = Q R each diagonal
    entry of R belongs to a *column* of Q."""
    Q, R = np.linalg.qr(rng.standard_normal((H, H)))
    return np.sign(np.diag(R))[:, None] * Q


@misconception("orthogonal_init")
def returns_r(H, rng):
    """Your function returns the triangular factor R. The orthogonal one is Q, the first of the
    two."""
    return np.linalg.qr(rng.standard_normal((H, H)))[1]


@misconception("orthogonal_init")
def uniform_for_normal(H, rng):
    """Your matrix comes from uniform numbers. Draw A with rng.standard_normal((H, H)): only then is
    every direction equally likely."""
    Q, R = np.linalg.qr(rng.random((H, H)))
    return Q * np.sign(np.diag(R))


@misconception("orthogonal_init")
def orthogonal_from_its_own_generator(H, rng):
    """Your function makes a generator of its own, so it gives the same matrix in every call. Draw
    from the rng that it is given."""
    Q, R = np.linalg.qr(np.random.default_rng(0).standard_normal((H, H)))
    return Q * np.sign(np.diag(R))


def _norm(grads):
    return float(np.sqrt(sum(np.sum(g**2) for g in grads.values())))


def _times(grads, factor):
    return {name: g * factor for name, g in grads.items()}


@misconception("clip_by_value")
def upper_side_only(grads, limit):
    """Your function cuts off what is above limit and lets large negative entries through. Cut at
    −limit, too."""
    return {name: np.minimum(g, limit) for name, g in grads.items()}


@misconception("clip_by_value")
def sign_lost(grads, limit):
    """Your function turns large negative entries into +limit: uphill instead of downhill. What is
    below −limit becomes −limit."""
    return {name: np.where(np.abs(g) > limit, limit, g) for name, g in grads.items()}


@misconception("clip_by_value")
def norm_for_value(grads, limit):
    """Your function clips by the global norm: it scales all entries by one factor. Here each entry
    is cut off on its own."""
    return _times(grads, limit / max(_norm(grads), limit))


@misconception("clip_by_value")
def largest_entry_scaled_to_the_limit(grads, limit):
    """Your function divides everything by the largest entry, so small entries change, too. Cut off
    each entry on its own."""
    largest = max(float(np.max(np.abs(g))) for g in grads.values())
    return _times(grads, limit / max(largest, limit))


@misconception("clip_by_value")
def large_entries_dropped(grads, limit):
    """Your function sets entries beyond the limit to 0: the largest gradients give no step at all.
    They should become limit or −limit."""
    return {name: np.where(np.abs(g) > limit, 0.0, g) for name, g in grads.items()}


@misconception("clip_by_value")
def values_clipped_in_place(grads, limit):
    """Your function writes into the caller's arrays (`g[…] = …` or `out=g`). Build new ones."""
    for g in grads.values():
        np.clip(g, -limit, limit, out=g)
    return grads


@misconception("clip_by_value")
def first_array_only(grads, limit):
    """Your function clips one array and leaves the others as they are. Loop over all of them."""
    first, *_ = grads
    return {**grads, first: np.clip(grads[first], -limit, limit)}


@misconception("clip_by_global_norm")
def norm_of_each_array(grads, threshold):
    """Your function clips each array by a norm of its own. Then some arrays are scaled and others
    are not, and the direction of the whole changes: use one norm and one factor for all."""
    clipped = {}
    for name, g in grads.items():
        norm = np.linalg.norm(g)
        clipped[name] = g * (threshold / norm) if norm > threshold else g.copy()
    return clipped, _norm(grads)


@misconception("clip_by_global_norm")
def always_scaled(grads, threshold):
    """Your function scales every gradient to the threshold, short ones up as well (and 0 becomes
    NaN). Scale only where the norm is above the threshold."""
    norm = _norm(grads)
    return _times(grads, np.float64(threshold) / norm), norm


@misconception("clip_by_global_norm")
def nan_at_zero(grads, threshold):
    """Your function divides by the norm in any case, also where nothing has to be clipped: if all
    gradients are 0 that is 0 / 0, NaN, and elsewhere the last digits change. Divide only where the
    norm is above the threshold."""
    norm = np.float64(_norm(grads))
    return {name: g / norm * min(norm, threshold) for name, g in grads.items()}, float(norm)


@misconception("clip_by_global_norm")
def norm_after_clipping(grads, threshold):
    """Your function returns the norm after clipping, which is never above the threshold. Return the
    one before: it is what tells you that a gradient has exploded."""
    norm = _norm(grads)
    clipped = _times(grads, threshold / norm) if norm > threshold else grads
    return clipped, _norm(clipped)


@misconception("clip_by_global_norm")
def norms_added_up(grads, threshold):
    """Your norm is the sum of the norms of the arrays. Add up the *squares* of all arrays, and take
    one root at the end."""
    norm = float(sum(np.linalg.norm(g) for g in grads.values()))
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def root_forgotten(grads, threshold):
    """Your norm is the sum of the squares: the root is missing."""
    norm = _norm(grads) ** 2
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def small_constant_added(grads, threshold):
    """Your function adds a small constant to the norm before it divides. There is no division by 0
    to protect from, as only norms above the threshold are divided by, and the result is a bit too
    short."""
    norm = _norm(grads)
    return _times(grads, threshold / (norm + 1e-6) if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def value_for_norm(grads, threshold):
    """Your function cuts off the entries one by one: that is clipping by value. Here all entries
    are multiplied by one factor."""
    return {name: np.clip(g, -threshold, threshold) for name, g in grads.items()}, _norm(grads)


@misconception("clip_by_global_norm")
def largest_entry_as_norm(grads, threshold):
    """Your norm is the largest entry. The global norm is the root of the sum of all squares."""
    norm = max(float(np.max(np.abs(g))) for g in grads.values())
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def scaled_to_norm_one(grads, threshold):
    """Your function scales long gradients to norm 1 instead of the threshold: the factor is
    threshold / norm."""
    norm = _norm(grads)
    return _times(grads, 1.0 / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def norm_clipped_in_place(grads, threshold):
    """Your function scales the caller's arrays (`g *= …`). Build new ones."""
    norm = _norm(grads)
    if norm > threshold:
        for g in grads.values():
            g *= threshold / norm
    return grads, norm


def _entries(grads):
    return np.concatenate([np.ravel(g) for g in grads.values()]).astype(np.float64)


@misconception("stable_global_norm")
def squares_before_scaling(grads):
    """Your function squares the entries as they are: the square of a large number is infinite, and
    that of a tiny one is 0. Divide by the largest absolute value first."""
    return _norm(grads)


@misconception("stable_global_norm")
def only_more_digits(grads):
    """Your function squares large numbers in float64. That moves the problem from 1e19 to 1e154,
    and it is still there: divide by the largest absolute value of all arrays first, and do not
    square a norm again afterwards."""
    return float(np.sqrt(np.sum(_entries(grads) ** 2)))


@misconception("stable_global_norm")
def scale_not_put_back(grads):
    """Your function divides by the largest entry and does not multiply by it again at the end."""
    entries = _entries(grads)
    largest = np.max(np.abs(entries))
    return float(np.sqrt(np.sum((entries / (largest or 1.0)) ** 2)))


@misconception("stable_global_norm")
def zero_by_zero(grads):
    """Your function divides by the largest entry also when that is 0: 0 / 0 is NaN. Treat
    gradients that are all 0 on their own."""
    entries = _entries(grads)
    largest = np.max(np.abs(entries))
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))


@misconception("stable_global_norm")
def scale_with_a_constant(grads):
    """Your function adds a small constant to the scale. Beside tiny gradients it is huge, and their
    squares underflow to 0 again. Treat 0 on its own instead."""
    entries = _entries(grads)
    largest = np.max(np.abs(entries)) + 1e-12
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))


@misconception("stable_global_norm")
def largest_without_absolute_value(grads):
    """Your scale is the largest entry, not the largest *absolute* value: where the largest is
    negative the norm becomes negative, and where it is tiny the squares overflow."""
    entries = _entries(grads)
    largest = np.max(entries)
    if largest == 0:
        return 0.0
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))


@misconception("stable_global_norm")
def stable_norms_added_up(grads):
    """Your function adds up the norms of the arrays. The global norm is the root of one sum of
    squares."""
    return sum(float(np.linalg.norm(np.ravel(g).astype(np.longdouble))) for g in grads.values())


@misconception("all_finite")
def compared_with_a_bound(grads):
    """Your function looks whether the norm is above some bound. A comparison with NaN is always
    False, so NaN passes; and large numbers are finite, too. Use np.isfinite."""
    return not any(np.max(np.abs(g)) > 1e100 for g in grads.values())


@misconception("all_finite")
def only_the_first_array(grads):
    """Your function looks at one array only, perhaps because it returns inside the loop. Look at
    all of them before you answer True."""
    first, *_ = grads.values()
    return bool(np.all(np.isfinite(first)))


@misconception("all_finite")
def only_the_last_array(grads):
    """Your answer is about the last array only: each turn of the loop forgets the one before."""
    *_, last = grads.values()
    return bool(np.all(np.isfinite(last)))


@misconception("all_finite")
def nan_only(grads):
    """Your function finds NaN and lets infinities pass: np.isfinite is False for both."""
    return not any(bool(np.any(np.isnan(g))) for g in grads.values())


@misconception("all_finite")
def infinities_only(grads):
    """Your function finds infinities and lets NaN pass: np.isfinite is False for both."""
    return not any(bool(np.any(np.isinf(g))) for g in grads.values())


@misconception("all_finite")
def negative_infinity_passes(grads):
    """Your function lets −inf pass: look at both signs, or use np.isfinite."""
    return all(bool(np.all(g < np.inf)) for g in grads.values())


@misconception("all_finite")
def finite_sum(grads):
    """Your function looks at the sum of the entries. Large finite numbers have an infinite sum:
    look at each entry itself."""
    return bool(np.isfinite(sum(np.sum(g) for g in grads.values())))


@misconception("all_finite")
def finite_norm(grads):
    """Your function looks at the norm. The square of a large finite number is infinite: look at
    each entry itself."""
    return bool(np.isfinite(_norm(grads)))


@misconception("all_finite")
def any_for_all(grads):
    """Your answer is True as soon as *one* entry, or one array, is finite. All of them have to
    be."""
    return any(bool(np.any(np.isfinite(g))) for g in grads.values())


@misconception("all_finite")
def answer_turned_round(grads):
    """Your answer is the wrong way round: True means that everything is finite."""
    return not all(bool(np.all(np.isfinite(g))) for g in grads.values())


def _all_finite(grads):
    return all(bool(np.all(np.isfinite(g))) for g in grads.values())


def _clip(grads, threshold):
    norm = _norm(grads)
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


def _copy(params):
    return {name: p.copy() for name, p in params.items()}


def _moved(params, grads, learning_rate):
    return {name: p - learning_rate * grads[name] for name, p in params.items()}


def _refusal(params, loss):
    return _copy(params), {"ok": False, "loss": loss, "norm": None}


def _is_sound(loss, grads):
    return np.isfinite(loss) and _all_finite(grads)


def _step(params, loss, grads, learning_rate, threshold, *, sound=_is_sound, clip=_clip):
    """A training step after its backward pass; right as it stands."""
    if not sound(loss, grads):
        return _refusal(params, loss)
    clipped, norm = clip(grads, threshold)
    return _moved(params, clipped, learning_rate), {"ok": True, "loss": loss, "norm": norm}


@misconception("training_step")
def clip_after_update(loss_and_grads, params, learning_rate, threshold):
    """Your function updates with the raw gradients and clips the *parameters* afterwards: they are
    squeezed whatever the gradient was. Clip the gradients, before the update."""
    loss, grads = loss_and_grads(params)
    if not _is_sound(loss, grads):
        return _refusal(params, loss)
    moved = _moved(params, grads, learning_rate)
    return _clip(moved, threshold)[0], {"ok": True, "loss": loss, "norm": _norm(grads)}


@misconception("training_step")
def clip_before_backward(loss_and_grads, params, learning_rate, threshold):
    """Your function clips the parameters before the backward pass, so that the gradients are those
    of another place. First the backward pass, then clip what comes out of it."""
    squeezed, _ = _clip(params, threshold)
    loss, grads = loss_and_grads(squeezed)
    if not _is_sound(loss, grads):
        return _refusal(params, loss)
    return _moved(squeezed, grads, learning_rate), {"ok": True, "loss": loss, "norm": _norm(grads)}


@misconception("training_step")
def never_clipped(loss_and_grads, params, learning_rate, threshold):
    """Your function updates with the raw gradients: what clip_by_global_norm returns is not
    used."""
    return _step(params, *loss_and_grads(params), learning_rate, threshold,
                 clip=lambda grads, _: (grads, _norm(grads)))  # fmt: skip


@misconception("training_step")
def clips_the_product(loss_and_grads, params, learning_rate, threshold):
    """Your function multiplies by the learning rate first and clips the product. The threshold is
    for the gradients."""
    loss, grads = loss_and_grads(params)
    if not _is_sound(loss, grads):
        return _refusal(params, loss)
    clipped, _ = _clip(_times(grads, learning_rate), threshold)
    return _moved(params, clipped, 1.0), {"ok": True, "loss": loss, "norm": _norm(grads)}


@misconception("training_step")
def clips_by_value(loss_and_grads, params, learning_rate, threshold):
    """Your function clips by value. The step should keep its direction: use
    clip_by_global_norm."""

    def clip(grads, threshold):
        return {name: np.clip(g, -threshold, threshold) for name, g in grads.items()}, _norm(grads)

    return _step(params, *loss_and_grads(params), learning_rate, threshold, clip=clip)


@misconception("training_step")
def uphill(loss_and_grads, params, learning_rate, threshold):
    """Your update goes uphill: subtract the gradient, do not add it."""
    return _step(params, *loss_and_grads(params), -learning_rate, threshold)


@misconception("training_step")
def looks_at_the_loss_only(loss_and_grads, params, learning_rate, threshold):
    """Your function refuses a step only when the loss is broken. Gradients can be NaN while the
    loss is a number: look at them, too."""
    return _step(params, *loss_and_grads(params), learning_rate, threshold,
                 sound=lambda loss, _: np.isfinite(loss))  # fmt: skip


@misconception("training_step")
def looks_at_the_gradients_only(loss_and_grads, params, learning_rate, threshold):
    """Your function refuses a step only when a gradient is broken. The loss can be NaN or infinite
    while the gradients are numbers: look at it, too."""
    return _step(params, *loss_and_grads(params), learning_rate, threshold,
                 sound=lambda _, grads: _all_finite(grads))  # fmt: skip


@misconception("training_step")
def never_refused(loss_and_grads, params, learning_rate, threshold):
    """Your function never refuses a step: a NaN in a gradient goes straight into the parameters,
    for good. Look for broken numbers before you clip and update."""
    return _step(params, *loss_and_grads(params), learning_rate, threshold,
                 sound=lambda *_: True)  # fmt: skip


@misconception("training_step")
def looks_after_clipping(loss_and_grads, params, learning_rate, threshold):
    """Your function clips first and looks for broken numbers afterwards. By then it has computed
    with them (inf · 0 is NaN, with a warning): look first."""
    loss, grads = loss_and_grads(params)
    clipped, norm = _clip(grads, threshold)
    if not _is_sound(loss, clipped):
        return _refusal(params, loss)
    return _moved(params, clipped, learning_rate), {"ok": True, "loss": loss, "norm": norm}


@misconception("training_step")
def reports_the_clipped_norm(loss_and_grads, params, learning_rate, threshold):
    """Your info holds the norm after clipping, which is never above the threshold. Report the one
    before."""
    moved, info = _step(params, *loss_and_grads(params), learning_rate, threshold)
    return moved, {**info, "norm": min(info["norm"], threshold) if info["ok"] else None}


@misconception("training_step")
def moves_the_callers_params(loss_and_grads, params, learning_rate, threshold):
    """Your function updates the caller's arrays (`p -= …`). Build new ones."""
    moved, info = _step(params, *loss_and_grads(params), learning_rate, threshold)
    for name, p in params.items():
        p[...] = moved[name]
    return params, info


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
