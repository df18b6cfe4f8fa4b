"""Figures and the facts behind them as CSV, XLSX and Parquet."""
