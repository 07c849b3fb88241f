"""The questions themselves, a file for each few sections of the form."""
