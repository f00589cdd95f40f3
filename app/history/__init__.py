"""Conversations and feedback, kept by SQLAlchemy."""
