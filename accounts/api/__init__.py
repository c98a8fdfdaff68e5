"""What an app's own server asks over HTTP, about accounts; and what the other parts of the interface stand on."""
