"""Wiring: command line, loop, settings. Nobody imports it."""
