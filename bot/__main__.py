"""`python -m bot` is `danis`."""

import sys

from bot.cli import main

sys.exit(main())
