"""The words of the guide, and the code that reads, checks and matches them. No routing lives here."""
