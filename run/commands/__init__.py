"""What can be said at the command line: a module for commands that belong together. Only `run.cli` knows them."""
