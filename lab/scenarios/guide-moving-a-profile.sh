# the guide: a profile of two drives, planned, applied and moved between two running guests
page docs/guide/moving-a-profile.md rack1
