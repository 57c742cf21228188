"""alertd: tells people the moment a rule about Binance futures comes true."""

__version__ = "0.1.0"
