"""The demonstration: invented people with a believable history, made through the product's own verbs. Never in production."""
