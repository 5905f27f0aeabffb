"""Windows, calendars, cells, Vietnamese text and numbers, clock. Knows neither Django nor the disk."""
