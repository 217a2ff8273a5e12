"""What authors of tests import: comparisons, gradient checks, strategies and decorators."""
