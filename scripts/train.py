"""`python -m digitrec train`, under the name that older cards give it."""

import sys

from digitrec.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
