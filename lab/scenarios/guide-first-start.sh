# the guide's first page, as its reader does it
page docs/guide/first-start.md rack1
