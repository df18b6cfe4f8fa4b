"""Use of licences: shown on a phone, authorised by the city code, asked for by other systems."""
