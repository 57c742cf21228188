"""Text of others, safe to print: names of files, rules and symbols may hold what they like."""


def printable(text: str) -> str:
    """Return a text in one line, without what steers a terminal."""
    return text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
