"""The demo's story, as data: `story.toml`. Days are counted from the day it is loaded."""
