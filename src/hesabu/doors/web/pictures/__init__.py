"""Pictures that customers sent about their invoices: the page that shows them, and each as a picture of its own address."""
