"""Hesabu: one self-hosted clerk, from a chat message to the books."""
