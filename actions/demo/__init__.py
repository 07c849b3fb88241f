"""Demo data: an invented center with people of every role, clients, and referrals in every state.

Only ever made in an empty database, by the console, and marked so that every screen says it is a demo.
"""

from actions.demo.fill import DemoAccount, fill

__all__ = ["DemoAccount", "fill"]
