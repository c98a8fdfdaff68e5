"""The wire: every frame that clients send and hear, and nothing but frames. No other module uses the wire's words."""
