"""``make mutants``: draw a sample, change each place of it, tell what survived."""

import sys

from tools.mutants.session import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
