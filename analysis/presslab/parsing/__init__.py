"""Article to Document: sentences, words, entities, quotation marks."""
