"""What is kept: tables, queries, the audit trail and migrations; the only room that knows SQLAlchemy."""
