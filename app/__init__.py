"""The commands, the settings, and the one place that knows every concrete part."""
