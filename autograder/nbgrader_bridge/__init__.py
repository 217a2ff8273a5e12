"""All that is known of nbgrader: its settings, notebooks, folders and gradebook."""
