"""What a business is, and where its money goes: pages for whoever may change it, who show afresh that it is them."""
