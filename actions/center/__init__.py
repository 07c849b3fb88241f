"""What the center's own people can do."""
