# the guide: two guests share one network card, and one function moves with its address
page docs/guide/sharing-a-nic.md rack1
