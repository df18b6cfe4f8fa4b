"""Listening in person: the window for what could not get done, leaders on the line, the broadcast programme."""
