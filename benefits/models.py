"""To what effect: benefits, their indicators, what was measured, and what was done about it."""
