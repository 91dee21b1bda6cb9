"""The benches themselves: that they end, and say what they promise to say."""
