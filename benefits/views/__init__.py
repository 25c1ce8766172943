"""Pages of the benefit tool."""
