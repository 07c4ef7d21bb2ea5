"""Who may come in, as whom, and what of the targets they see."""
