"""Forms, indicators, outlines and vocabularies as versioned data; the only reader of specs/."""
