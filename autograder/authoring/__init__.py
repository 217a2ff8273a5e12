"""From an author's sources to a release, and the proof that they fit together."""
