"""Support looks into a business: asked for, consented to, visible while it lasts, each look on record."""
