#!/usr/bin/env bash
# All tests of every module in go.work. Needs Go 1.26 or newer; installs what
# else the modules' tests need, if anything, and says why where it cannot.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf '\n== %s\n' "$*"; }

if ! command -v go >/dev/null; then
	echo "test.sh: there is no go command: install Go 1.26 or newer from https://go.dev/dl" >&2
	exit 1
fi

# System packages that tests need: "command package what-for", one a line. A test
# that needs a program which is missing here belongs in this list.
needs() {
	cat <<-'LIST'
		git git the tests of fa, which look at the changes in a repository
	LIST
}

missing=()
while read -r command package what; do
	if [ -n "$command" ] && ! command -v "$command" >/dev/null; then
		echo "$command is missing, for $what"
		missing+=("$package")
	fi
done < <(needs)

if [ ${#missing[@]} -gt 0 ]; then
	say "installing ${missing[*]}"
	root=()
	if [ "$(id -u)" != 0 ]; then
		root=(sudo -n)
	fi
	if ! command -v apt-get >/dev/null; then
		echo "cannot install: this system has no apt-get; install these yourself: ${missing[*]}" >&2
	elif ! { "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; }; then
		echo "cannot install as $(id -un): apt-get failed (above); install these yourself: ${missing[*]}" >&2
	fi
fi

say "go test work ($(go version))"
go test "$@" work
