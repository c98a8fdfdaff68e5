"""How fast the server is: a load generator, its scenarios and the peers that it is compared with."""
