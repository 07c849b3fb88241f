"""What screens are made of: pieces that take values and give values."""
