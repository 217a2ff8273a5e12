"""Everything that authors of tests and misconceptions import from the engine.

Comparison, gradient check, strategies, properties of forward and backward functions, and the
decorators that say which exercise a test or a misconception is about.
"""

from autograder.core.errors import Kind, StudentFailure
from autograder.core.import_file import import_file
from autograder.testing.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_finite,
    assert_pure,
    assert_raises,
    assert_silent,
    assert_structure,
    describe,
    show,
    tolerance,
)
from autograder.testing.decorators import exercise, misconception
from autograder.testing.form import assert_form, assert_form_agrees
from autograder.testing.forward_backward import (
    Watched,
    assert_backward_agrees,
    assert_backward_fits,
    assert_backward_fits_forward,
    assert_backward_form,
    assert_backward_is_linear,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    cotangents_like,
    named_gradients,
    outputs_and_cache,
)
from autograder.testing.gradcheck import assert_gradients, directional_derivative
from autograder.testing.strategies import (
    arrays,
    generators,
    made,
    seeds,
    shapes,
    sizes,
    tensors,
    wide,
    with_an_axis_of_one,
)

__all__ = [
    "Kind",
    "StudentFailure",
    "Watched",
    "arrays",
    "assert_backward_agrees",
    "assert_backward_fits",
    "assert_backward_fits_forward",
    "assert_backward_form",
    "assert_backward_is_linear",
    "assert_bitwise_equal",
    "assert_close",
    "assert_finite",
    "assert_form",
    "assert_form_agrees",
    "assert_forward_agrees",
    "assert_forward_form",
    "assert_forward_leaves_unchanged",
    "assert_gradients",
    "assert_pure",
    "assert_raises",
    "assert_silent",
    "assert_structure",
    "cotangents_like",
    "describe",
    "directional_derivative",
    "exercise",
    "generators",
    "import_file",
    "made",
    "misconception",
    "named_gradients",
    "outputs_and_cache",
    "seeds",
    "shapes",
    "show",
    "sizes",
    "tensors",
    "tolerance",
    "wide",
    "with_an_axis_of_one",
]
