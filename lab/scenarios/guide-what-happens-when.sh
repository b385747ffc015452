# the guide: appliance and manager killed under a writing guest, and what else may happen
page docs/guide/what-happens-when.md rack1 server-a
