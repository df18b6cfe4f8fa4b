"""Accounts and sign-in of officers, persons and organisations."""
