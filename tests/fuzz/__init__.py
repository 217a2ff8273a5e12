"""Strange inputs for what reads strangers' bytes: the wire format and the notebook reader.

``python -m tests.fuzz`` (``make soak``) tries a million; the saved ones replay in tests.
"""
