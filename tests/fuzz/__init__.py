"""Strange inputs for the readers of untrusted bytes: the wire decoder and the notebook reader.

``python -m tests.fuzz`` (``make soak``) tries a million; the tests replay a saved corpus.
"""
