"""The weekly board session of a team, in its group: values, tables and pure turns; nothing of anybody's journey."""
