"""The workbench for officers."""
