"""The shared language (errors, records, profiles) and the only door to the database (tables, store)."""
