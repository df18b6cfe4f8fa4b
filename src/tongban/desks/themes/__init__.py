"""One thing: themes that plan several matters as one application."""
