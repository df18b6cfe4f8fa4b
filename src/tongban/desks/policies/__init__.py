"""Policies, collected and split into measures that can be carried out."""
