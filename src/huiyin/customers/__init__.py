"""The people served: occupancy and contact points."""
