"""Addresses of the benefit tool. Paths are interface (bokmål); names are code."""

app_name = "benefits"

urlpatterns = []
