"""The maps: what they show, decided by arithmetic before anything is drawn, and the layers that draw it."""
