"""Helping people who cannot or do not want to do it themselves: agents, papers, visits at home."""
