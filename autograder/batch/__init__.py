"""Grading a class: all that nbgrader collected, into its gradebook."""
