"""Pages where reports and presentations are made, one module per subject."""
