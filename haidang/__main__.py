"""`python -m haidang`: the same as the console command."""

import sys

from haidang.cli import main

sys.exit(main())
