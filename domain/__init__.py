"""What is true: the rules of a referral desk in plain Python."""
