"""What happens: dockets, flows, clocks, calendars, ledger, outbox, jobs, rules, files, search."""
