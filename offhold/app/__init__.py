"""The only place that wires: settings, commands, processes. Stages never import it."""
