"""Conditions as JSONLogic data: plain mode for what is shown, decision mode for what is granted."""
