"""跨域通办 beyond the city: places outside that receive for us and for which we receive."""
