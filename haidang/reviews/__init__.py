"""Outline to contributions and figures to the closing report."""
