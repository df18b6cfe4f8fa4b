"""The platform as an OpenID provider for the city's other systems (统一身份认证)."""
