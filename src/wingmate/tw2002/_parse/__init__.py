"""Lines of text to events, one module per family of screens; the adapter feeds them.

Lines are found by their first word, a few by their end, so that a line costs one look-up and not a
walk through a hundred patterns. What nobody knows is flavour and passes.
"""
