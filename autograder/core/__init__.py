"""Records, errors, and small tools that every other package uses."""
