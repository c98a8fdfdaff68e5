"""How much is written and how soon it is answered: counted some seconds after messages are stored, hour by hour."""
