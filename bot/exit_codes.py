"""How `danis` ends."""

ANSWERED = 0  # or done
NOT_FOUND = 1  # not in the sources, or worse than a baseline
FAILED = 2  # an error, said in one line
TRY_AGAIN = 75  # the bot ended by what may pass: no database, a port taken (EX_TEMPFAIL)
INTERRUPTED = 130
