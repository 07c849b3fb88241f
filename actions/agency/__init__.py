"""What outsiders can do: write, send, correct, answer and withdraw their own referrals."""
