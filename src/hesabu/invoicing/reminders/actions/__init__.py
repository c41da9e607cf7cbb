"""The acts of reminders, a verb each; invoicing's front door hands them on."""
