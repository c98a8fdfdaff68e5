"""What an app's own server, and people with a chat token, ask over HTTP about the talk."""
