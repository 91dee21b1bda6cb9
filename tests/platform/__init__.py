"""The ground everything stands on: commands, settings, embedded database, processes, contracts, packaging."""
