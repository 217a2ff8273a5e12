"""Calls of a student's functions, whether they run here or in the sandbox."""
