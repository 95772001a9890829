"""Identity: who may sign in, as what, and what they may do.

*User*: a person. *Role*: the job they do; it carries permissions. *Grant/denial*: one permission more or less for
one user. *Session*: one signed-in device; the browser's cookie and the API's tokens both belong to one, and it
ends at once when it is revoked. Contract: api.md, "Who is who".
"""
