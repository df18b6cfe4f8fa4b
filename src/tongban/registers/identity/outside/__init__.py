"""Providers of identity outside the platform, such as the province's: plugins and the links to accounts."""
