"""What a network is: the contract, the registry, the guarded way out, the conformance suite."""
