"""What people can do: one function per verb; each names its permission and never commits."""
