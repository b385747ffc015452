package farslot.vfiouser;

import farslot.linux.Errno;

/** Why a request was not carried out, and the errno that its reply carries. */
enum Refusal {
  NONE(0),
  /** The message is smaller than its command's structure, or than the data it announces. */
  TOO_SHORT(Errno.EINVAL),
  /** argsz is smaller than the structure. */
  ARGSZ(Errno.EINVAL),
  /** Flags that do not exist, or do not go together. */
  FLAGS(Errno.EINVAL),
  /** No such region or interrupt. */
  INDEX(Errno.EINVAL),
  /** Outside the region or the vectors, empty, or larger than max_data_xfer_size. */
  RANGE(Errno.EINVAL),
  /** Addresses and sizes of DMA are multiples of the page size. */
  ALIGNMENT(Errno.EINVAL),
  /** The range goes past the end of the address space. */
  WRAPS(Errno.EINVAL),
  /** As many descriptors as the command wants, and of the right kind. */
  DESCRIPTORS(Errno.EINVAL),
  /** Not the file that the request says: too small, no regular file. */
  FILE(Errno.EINVAL),
  /** The file may not be mapped like this. */
  ACCESS(Errno.EACCES),
  OVERLAP(Errno.EEXIST),
  NO_WINDOW(Errno.ENOENT),
  /** An unmap that names a part of a window. */
  PART_OF_WINDOW(Errno.EINVAL),
  WINDOWS_FULL(Errno.ENOSPC),
  NO_MEMORY(Errno.ENOMEM),
  /** VERSION comes first, and once. */
  ORDER(Errno.EINVAL),
  /** Another major version. */
  MAJOR(Errno.EINVAL),
  /** The version's JSON is none. */
  JSON(Errno.EINVAL),
  /** Known, and not offered here: migration, dirty pages, features. */
  NOT_SUPPORTED(Errno.ENOTSUP),
  UNKNOWN_COMMAND(Errno.EINVAL);

  private final int errno;

  Refusal(int errno) {
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}
