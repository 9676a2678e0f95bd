"""The description as a contract: thousands of requests, each answered as it says."""
