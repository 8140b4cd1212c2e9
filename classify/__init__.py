"""Mail to Verdict: a trained model, keywords where there is none, and the organisation's written policy over both."""
