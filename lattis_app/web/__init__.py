"""The edge of the REST API: routing, errors in both dialects, security headers, live events, health and metrics."""
