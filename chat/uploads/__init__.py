"""Files that people and apps upload: checked, kept in Django's storage, served, and swept once nobody names them."""
