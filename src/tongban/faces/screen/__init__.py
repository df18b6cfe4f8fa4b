"""The screen for leaders and supervisors."""
