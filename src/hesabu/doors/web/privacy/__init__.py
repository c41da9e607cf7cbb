"""What is held on somebody: on oneself, with one's account; and on a customer, by the business they buy from."""
