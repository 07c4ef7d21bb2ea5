"""What the words mean. Pure: no pandas, no SQL, no clock, no files."""
