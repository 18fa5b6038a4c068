"""QTI 2.1 and 2.2: items and packages. QTI 3.0 would be a further reader beside ``items``, chosen in ``formats`` by its root element."""
