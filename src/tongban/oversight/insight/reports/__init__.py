"""Reports: the monthly bulletin and the annual report, written from figures by templates."""
