"""Files to Articles: formats, cleaning, corrections, duplicates."""
