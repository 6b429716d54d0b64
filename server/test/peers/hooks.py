"""Lets schemathesis send the texts that it has no writer for."""

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/sparql-query", "application/sparql-update")
def text(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()
