"""Who and where: regions, units, officers, roles, delegation, persons, organisations."""
