"""``make law``: write the pages."""

import sys

from tools.law_coverage.pages import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
