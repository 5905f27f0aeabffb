"""Layouts, components, template tags, the stylesheet, little JavaScript."""
