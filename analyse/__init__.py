"""What analysts look at: how well the machine judges, in tables and pictures."""
