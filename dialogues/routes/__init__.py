"""The routes: one file per conversation, each with its table of arrows, its states, and how an answer becomes a move."""
