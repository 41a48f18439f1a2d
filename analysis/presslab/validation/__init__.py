"""How measures were trained and checked. Nothing that a user's run imports."""
