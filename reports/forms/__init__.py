"""Forms of the reports, by subject."""
