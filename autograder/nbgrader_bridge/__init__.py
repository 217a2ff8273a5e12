"""The connection to nbgrader: its settings, notebooks, folders and gradebook."""
