"""Review chains: steps and verdicts."""
