# Small surgery on ELF files, and what they load. perl-base is part of every Debian.
# shellcheck shell=bash

# elf_forget FILE LIBRARY...: FILE starts without these libraries.
# Debian's fio is linked to Ceph, GlusterFS, RDMA and more: 60 MB that a test of one disk never calls. Their entries in the
# dynamic section become void, their symbols weak (the loader makes them 0), their version records leave the chain.
elf_forget() { perl "$LAB/lib/elf-forget.pl" "$@"; }

# elf_libraries ROOT FILE: the libraries of ROOT that FILE loads, one path below ROOT a line.
elf_libraries() {
  "$1/lib64/ld-linux-x86-64.so.2" --library-path "$1/usr/lib/x86_64-linux-gnu" --list "$2" |
    awk -v root="$1/" '$2 == "=>" && index($3, root) == 1 { print substr($3, length(root) + 1) } $3 == "not" { print FILENAME $0 > "/dev/stderr"; exit 1 }'
}
