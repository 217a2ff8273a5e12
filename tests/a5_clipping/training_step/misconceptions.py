"""Typical wrong answers to `training_step`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _all_finite, _copy, _norm, _times


def _clip(grads, threshold):
    norm = _norm(grads)
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


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
