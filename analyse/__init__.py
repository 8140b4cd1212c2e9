"""What analysts look at: how well the machine judges, and how the cases go, in tables and pictures; the only door to pandas."""
