# Brings in what the scripts need and the machine lacks. Sourced, never run.
#
# System programs come from the system's packages, Python ones from a private folder (.tools/, ignored by git), so that
# a machine with nothing but Rust and this repository can run everything, and nothing of the user's own is changed.
# shellcheck shell=bash

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# system_install PACKAGE… — from the system's packages; as root, or through sudo.
system_install() {
  local as_root=() said
  command -v apt-get >/dev/null || die "'$*' is missing and there is no apt-get here. Install it by other means."
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "'$*' is missing and this user may not install it. As root: apt-get install $*"
    as_root=(sudo)
    # Without a terminal nobody can type a password: fail at once instead of waiting for one.
    [ -t 0 ] || as_root=(sudo -n)
  fi
  printf 'installing %s\n' "$*" >&2
  # A fresh image has no package lists; where they cannot be renewed, the known ones may still do.
  said=$("${as_root[@]}" apt-get update -qq 2>&1) || printf '%s\napt-get update failed; going on\n' "$said" >&2
  said=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 2>&1) ||
    die "$said"$'\n'"could not install '$*'. As root, with the system's packages within reach: apt-get install $*"
}

# need COMMAND PACKAGE — installs the package unless the command is there.
need() {
  command -v "$1" >/dev/null || system_install "$2"
  command -v "$1" >/dev/null || die "$2 was installed but has brought no '$1'"
}

# need_rust — Rust itself is the one thing that is asked for; a C compiler builds the SQLite inside.
need_rust() {
  command -v cargo >/dev/null || die 'cargo is missing. Install Rust (Cargo.toml names the oldest version), or put it in PATH.'
  need cc build-essential
}

# python_tools — makes .tools/venv hold exactly what tests/requirements.txt lists. Call it from the repository's root.
python_tools() {
  local venv=.tools/venv wanted=tests/requirements.txt
  # The copy is written last: a half-made folder is made again.
  cmp -s "$wanted" "$venv/installed.txt" && return
  # Debian's python3 comes without venv and pip.
  python3 -c 'import ensurepip, venv' 2>/dev/null || system_install python3 python3-venv
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "$(python3 --version) is too old for Schemathesis. Put Python 3.11 or newer first in PATH."
  printf 'making %s\n' "$venv" >&2
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" >&2 ||
    die "pip could not install $wanted. It needs a Python package index within reach."
  cp "$wanted" "$venv/installed.txt"
}
