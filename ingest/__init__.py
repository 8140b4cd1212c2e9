"""Mail in: from the bytes on a server to a `Mail` that the other stages read."""
