# A private apt root: packages of another Debian suite, downloaded by apt with all its checks, unpacked, never installed.
# The machine's own package database is not touched and no maintainer script runs.
# shellcheck shell=bash

# The machine's Debian mirror, whichever format its sources have: apt itself reads them.
apt_mirror() {
  if [[ -n ${FARSLOT_MIRROR:-} ]]; then
    say "$FARSLOT_MIRROR"
    return
  fi
  # shellcheck disable=SC2016  # the $(...) are apt's own placeholders
  apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' '$3 == "main" && $2 !~ /security|updates|backports/ && $1 ~ /debian/ { print $1; exit }'
}

apt_keyring() {
  local f
  for f in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
    if [[ -e $f ]]; then
      say "$f"
      return
    fi
  done
}

# apt_root_open DIR SUITE: sets up DIR and reads the suite's package list (2 s). Afterwards use apt_in DIR ...
apt_root_open() {
  local dir=$1 suite=$2 mirror keyring
  type apt-get dpkg-deb >/dev/null 2>&1 ||
    die "packages of Debian $suite cannot be had" "this machine has no apt-get or dpkg-deb" \
      "use a Debian machine, or install by hand: a JDK 25 (JAVA_HOME names it), Maven, a QEMU of 10.1 or newer (FARSLOT_QEMU)"
  mirror=$(apt_mirror)
  [[ -n $mirror ]] ||
    die "no Debian mirror known" "the machine's apt configuration names none" "set FARSLOT_MIRROR=http://deb.debian.org/debian (its keys: apt-get install debian-archive-keyring)"
  keyring=$(apt_keyring)
  mkdir -p "$dir"/{etc/apt.conf.d,etc/preferences.d,state/lists/partial,cache/archives/partial}
  : >"$dir/status"
  say "deb [${keyring:+signed-by=$keyring }arch=amd64] $mirror $suite main" >"$dir/etc/sources.list"
  {
    # The machine's own ways to reach and judge a mirror (proxy, time-outs, validity) hold here too.
    apt-config dump | grep '^Acquire::' | grep -v 'IndexTargets' || true
    cat <<CONF
Dir::Etc "$dir/etc/";
Dir::Etc::sourcelist "sources.list";
Dir::Etc::sourceparts "none.d";
Dir::Etc::trusted "/etc/apt/trusted.gpg";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d/";
Dir::State "$dir/state";
Dir::State::status "$dir/status";
Dir::Cache "$dir/cache";
Dir::Log "$dir";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  } >"$dir/apt.conf"
  # apt calls an update that brought nothing a success.
  apt_in "$dir" apt-get -q update && compgen -G "$dir/state/lists/*Packages*" >/dev/null
}

apt_in() {
  local dir=$1
  shift
  APT_CONFIG=$dir/apt.conf "$@"
}

# apt_version DIR PACKAGE: the version that the suite would give.
apt_version() { apt_in "$1" apt-cache policy "$2" | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }

# apt_unpack DIR ROOT PACKAGE...: PACKAGEs with all that they depend on, unpacked below ROOT.
# A name with a leading '=' comes alone, without its dependencies.
apt_unpack() {
  local dir=$1 root=$2 with=() alone=() p
  shift 2
  for p in "$@"; do
    if [[ $p == =* ]]; then alone+=("${p#=}"); else with+=("$p"); fi
  done
  ((${#with[@]} == 0)) || apt_in "$dir" apt-get -q -y --download-only install "${with[@]}"
  ((${#alone[@]} == 0)) || (cd "$dir/cache/archives" && apt_in "$dir" apt-get -q download "${alone[@]}")
  merged_usr "$root"
  for p in "$dir"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$p" | tar -x --keep-directory-symlink --no-same-owner -C "$root"
  done
}

# Debian's packages of different ages put files into /lib or /usr/lib: one place for both.
merged_usr() {
  local d
  mkdir -p "$1"/usr/{bin,sbin,lib,lib64}
  for d in bin sbin lib lib64; do ln -sfn "usr/$d" "$1/$d"; done
}

# root_wrapper ROOT PROGRAM FILE: writes FILE, a script that runs ROOT's PROGRAM with ROOT's own loader and libraries,
# wherever ROOT has been moved to by then (FILE must lie in ROOT/bin's sibling folder, see fetch).
root_wrapper() {
  local root_rel=$1 program=$2 file=$3
  shift 3
  cat >"$file" <<WRAP
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/../$root_rel
exec "\$root/lib64/ld-linux-x86-64.so.2" --argv0 "\${0##*/}" --library-path "\$root/usr/lib/x86_64-linux-gnu:\$root/usr/lib" "\$root/$program" $* "\$@"
WRAP
  chmod +x "$file"
}
