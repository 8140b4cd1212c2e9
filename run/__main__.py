"""`python -m run` and the console script `saksgang` are the same program."""

from run.cli import main

if __name__ == "__main__":  # a process that judges beside others reads this file too
    main()
