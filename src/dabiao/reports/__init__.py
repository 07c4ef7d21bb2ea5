"""What leaves the program: tables, documents, and how they are written to a folder."""
