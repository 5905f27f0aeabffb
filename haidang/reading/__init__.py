"""Document text to PlanReading: deterministic rules, each item with its span, rule and confidence."""
