"""Command line: python -m data COMMAND."""

import sys

from data.cli import main

if __name__ == "__main__":
    sys.exit(main("data", "Load, check and look after the data of a beta."))
