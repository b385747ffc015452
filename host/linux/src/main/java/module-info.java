/** Linux by the Foreign Function and Memory API. The only module with native access. */
module farslot.linux {
  exports farslot.linux;
}
