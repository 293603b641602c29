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

# System packages that tests need: "command package what-for", one a line, or a
# shared library in place of the command. A test that needs one which is missing
# here belongs in this list.
needs() {
	cat <<-'LIST'
		git git the tests of fa, which look at the changes in a repository
		cc gcc the tests of tracyframe, which compile a stand-in for Tracy's client
		/usr/include/stdio.h libc6-dev the same
		Xvfb xvfb the tests of ebitenframe and of the game, which open windows
		libX11.so.6 libx11-6 the same (Ebitengine loads these libraries itself)
		libXcursor.so.1 libxcursor1 the same
		libXi.so.6 libxi6 the same
		libXinerama.so.1 libxinerama1 the same
		libXrandr.so.2 libxrandr2 the same
		libGL.so.1 libgl1 the same
		libGLX_mesa.so.0 libglx-mesa0 the same: OpenGL in software
		chromium chromium the test of the game in a browser
	LIST
}

there() { # command, library or header
	case $(uname)/$1 in
	Linux/*.so.*) [[ $(PATH=$PATH:/sbin:/usr/sbin ldconfig -p) == *"$1"* ]] ;;
	Linux/*.h) [ -e "$1" ] ;;
	*/*.so.* | */*.h | Darwin/Xvfb) ;; # that system draws without, and has its headers elsewhere
	*) command -v "$1" >/dev/null ;;
	esac
}

missing=()
while read -r command package what; do
	if [ -n "$command" ] && ! there "$command"; then
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
	elif ! { "${root[@]}" apt-get update -qq && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; }; then
		echo "cannot install as $(id -un): apt-get failed (above); install these yourself: ${missing[*]}" >&2
	fi
fi

say "go test work ($(go version))"
go test "$@" work
