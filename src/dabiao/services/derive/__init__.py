"""Stored hours, days and section classes to the official indicators, and files of them to a table."""
