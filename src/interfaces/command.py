"""The command ``ecodocket``. All else is imported when it is called, so that Ctrl-C is heard from the start."""

import os
import sys


def main() -> None:
    """Run the command line."""
    try:
        from interfaces.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("已中断。\nInterrupted.\n")
        sys.stderr.flush()
        os._exit(130)
    run()
