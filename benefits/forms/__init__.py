"""Forms of the benefit tool."""
