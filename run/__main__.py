"""`python -m run` and the console script `saksgang` are the same program."""

from run.cli import main

main()
