# the guide's page on security, as its reader does it
page docs/guide/security.md rack1 hv1 desk
