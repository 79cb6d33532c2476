"""
What can go wrong, and whose move it is.

DialogueError
├── MoveNotPossible      ours: the table has no such arrow (an old button, a bug)
├── PageUnreadable       ours: a stored page cannot be read; it is left untouched
├── KeeperUnavailable    the world's: the store did not answer or could not write
│   └── KeeperBusy       the world's: another process owns this data folder
├── WordsMissing         ours: a key or a value is not in the content
├── DrawingFailed        ours: a picture could not be drawn; the words beside it say the same
└── PrintingFailed       ours: a document to print could not be made; nothing was lost

Each error knows what the leader gets to read. No message of an error contains what somebody wrote.
"""

from __future__ import annotations

from dialogues.conversation import Say


class DialogueError(Exception):
    """Something went wrong; `say` is what the leader reads about it."""

    say = Say("errors.something_went_wrong")


class MoveNotPossible(DialogueError):
    """The table has no such arrow. Nothing was changed."""

    say = Say("errors.not_possible_here")


class PageUnreadable(DialogueError):
    """A stored page cannot be read. It was left untouched; restore it from a backup."""

    say = Say("errors.page_unreadable")


class KeeperUnavailable(DialogueError):
    """The store could not be read or written. Nothing of this turn was kept."""

    say = Say("errors.not_kept")


class KeeperBusy(KeeperUnavailable):
    """Another process owns this data folder."""


class WordsMissing(DialogueError):
    """A message key or one of its values is not in the content."""


class DrawingFailed(DialogueError):
    """A picture could not be drawn. The message names what kind, never what stood in it."""


class PrintingFailed(DialogueError):
    """A document to print could not be made. The message names which kind, never what stood in it."""
