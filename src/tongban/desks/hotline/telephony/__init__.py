"""The telephone of the hotline: lines, calls as facts apart from tickets, operators who are ready."""
