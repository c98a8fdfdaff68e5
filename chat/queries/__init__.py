"""What a signed-in client can ask for, one function a query. They return what to say; they never say it."""
