"""Measures the program as a hospital would feel it; nothing here is part of it."""
