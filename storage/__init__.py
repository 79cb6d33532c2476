"""Keepers: where pages are kept, and how they are written down. No dialogue, no words, no chat."""
