"""What leaves: exports, notices, and their delivery."""
