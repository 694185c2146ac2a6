"""What the bot does with each kind of update; thin, one module per kind."""
