/**
 * For tests: chance that comes from a seed. Needs nothing, so that every room's tests may use it.
 */
module farslot.chance {
  exports farslot.chance;
}
