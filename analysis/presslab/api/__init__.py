"""What `import presslab` offers: texts and tables in, data frames out. Nothing is printed; only runs write files."""
