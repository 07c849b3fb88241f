"""Clients from a spreadsheet: reading the file, proposing what its columns are, and what becomes of each line."""
