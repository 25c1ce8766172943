"""Forms of the journey."""
