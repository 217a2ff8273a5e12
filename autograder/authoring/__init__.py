"""Releases made from an author's sources, and the proof that both fit together."""
