"""The pages in a browser: the coach's view of what leaders share, and a leader's own page. Server-rendered, no script."""
