"""Pages of the journey: door, form, one call into the room's rules, answer."""
