"""The portfolio: every project a person may see, those that need help first, as page, document and sheet."""
