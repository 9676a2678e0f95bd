"""The demo under the regimes beside Inner Mongolia."""
