"""Conditions and amounts as a civil servant writes them, and back to JSONLogic without loss."""
