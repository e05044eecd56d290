"""What servers do differently, one named function each; :mod:`..dialects` puts them together."""
