"""The portal for people and companies."""
