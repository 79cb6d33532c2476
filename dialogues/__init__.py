"""The conversation itself: a pure core that knows phases, moves and turns, and no wording, clock, chat or store."""
