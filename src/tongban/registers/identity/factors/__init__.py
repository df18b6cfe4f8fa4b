"""What proves who somebody is beyond a password: second factors, recovery, and the sessions they open."""
