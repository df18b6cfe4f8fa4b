"""Messages to people and units, with delivery receipt and legal date of service."""
