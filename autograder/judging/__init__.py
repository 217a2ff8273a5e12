"""From one submission to its report: the judge, its diagnosis and its fingerprints."""
