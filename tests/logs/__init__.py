"""What a line of the log looks like."""
