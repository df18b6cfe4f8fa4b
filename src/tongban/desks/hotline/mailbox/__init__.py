"""The mayor's mailbox: letters that may be read by everybody with their answer."""
