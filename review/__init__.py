"""What team leads look at: pages over the store."""
