"""What other systems ask the desk: JSON over HTTP, with the rights of the person whose token they bear."""
