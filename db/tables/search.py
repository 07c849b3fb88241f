"""Search keys of clients and referrals, and the vocabulary of names on file."""
