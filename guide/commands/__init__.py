"""The subcommands of `guide`, one module each: `add` puts its parser among the others and names what it runs."""
