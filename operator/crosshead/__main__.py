"""`python -m crosshead` is `crosshead`."""

import sys

from crosshead.cli.main import main

sys.exit(main())
