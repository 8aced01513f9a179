"""What a person does with a message, and what Guide says in its own words."""
