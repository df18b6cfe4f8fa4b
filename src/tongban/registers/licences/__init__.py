"""Licences 电子证照: the e-licence store."""
