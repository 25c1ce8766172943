"""Pages of the roof, by subject."""
