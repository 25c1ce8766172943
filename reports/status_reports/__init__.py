"""What a status report is made of: what is new, how it goes, and all of it as data."""
