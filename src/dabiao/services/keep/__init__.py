"""Backups, checks of what is kept, and what may go."""
