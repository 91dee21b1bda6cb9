"""The network as a visitor sees it: pages on which anybody plays any customer."""
