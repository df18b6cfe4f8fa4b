"""Tongban 通办: an integrated government-service platform for Chinese cities."""

__version__ = "0.1.0"
