"""Invoicing: what a business asks to be paid for, from draft to paid."""
