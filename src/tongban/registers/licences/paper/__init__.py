"""The file of a licence: a sealed PDF and signed facts, and the page on which anybody verifies them."""
