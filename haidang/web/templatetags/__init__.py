"""Template tags of single screens."""
