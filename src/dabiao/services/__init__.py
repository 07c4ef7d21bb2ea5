"""What the program does, step by step, for the command line, the jobs and the bootstrap alike."""
