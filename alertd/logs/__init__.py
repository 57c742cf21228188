"""What a line of the log looks like: for people, for the journal, for programs."""
