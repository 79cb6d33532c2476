"""The conversation on Telegram: a thin shell that hears, passes on and delivers, and decides nothing."""
