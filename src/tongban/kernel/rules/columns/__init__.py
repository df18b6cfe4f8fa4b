"""Decision mode over a whole population at once, column by column."""
