"""How `danis` ends."""

ANSWERED = 0  # or done
NOT_FOUND = 1  # not in the sources, or worse than a baseline
FAILED = 2  # an error, said in one line
INTERRUPTED = 130
