"""What people do with benefits: whole or not at all, and in the trail."""
