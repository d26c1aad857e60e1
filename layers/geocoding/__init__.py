"""Addresses to points by a BAN geocoder (addok, Géoplateforme): what is sent, what comes back, what is believed."""
