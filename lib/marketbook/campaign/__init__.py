"""Campaign evaluation: what a campaign changed, from experiments and from counterfactuals."""
