"""Command line: python -m kpis COMMAND."""

import sys

from data.cli import main

if __name__ == "__main__":
    sys.exit(main("kpis", "The numbers of a beta: values, verdicts and reports."))
