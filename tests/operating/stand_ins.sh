# What stands in for the system's commands: sudo runs the words after it; systemctl starts and stops what the installed unit's
# ExecStart says. Sourced by the programs that tests/operating/run makes of it.
set -euo pipefail

stand_in_sudo() {
  if [ "$1" = -u ]; then shift 2; fi
  if [ "$1" = install ]; then  # owners are not here
    local words=()
    while [ $# -gt 0 ]; do
      case $1 in -o | -g) shift ;; *) words+=("$1") ;; esac
      shift
    done
    set -- "${words[@]}"
  fi
  exec "$@"
}
stand_in_useradd() { :; }
stand_in_chown() { :; }

stop_hub() {
  [ -s "$scratch/hub.pid" ] || return 0
  local pid seconds=0 limit
  pid=$(cat "$scratch/hub.pid")
  limit=$(sed -n 's/^TimeoutStopSec=//p' "$scratch/unit")
  kill -TERM "$pid"
  # The hub is a child of the shell that started it, which writes down how it ended.
  while [ ! -s "$scratch/hub.code" ]; do
    [ "$seconds" -lt $((limit * 20)) ] || { echo "the hub did not end within $limit s" >&2; return 1; }
    read -rt 0.05 <>"$scratch/pause" || true
    seconds=$((seconds + 1))
  done
  : >"$scratch/hub.pid"
}

start_hub() {
  local unit=$scratch/usr/local/lib/systemd/system/ieum.service words tries=0
  cp "$unit" "$scratch/unit"
  sed -i "s,127\.0\.0\.1:8080,127.0.0.1:$public_port,; s,127\.0\.0\.1:8081,127.0.0.1:$admin_port," "$scratch/etc/ieum/ieum.conf"
  words=$(sed -n 's/^ExecStart=//p' "$unit" | sed "s,/usr/local,$scratch/usr/local,; s,/var/lib/ieum,$scratch/var/lib/ieum,; s,/etc/ieum,$scratch/etc/ieum,")
  rm -f "$scratch/hub.code" "$scratch/hub.pid"
  [ -p "$scratch/pause" ] || mkfifo "$scratch/pause"
  : >"$scratch/hub.log"
  # shellcheck disable=SC2016,SC2086
  setsid bash -c 'umask 0077; "$@" >>"$scratch/hub.log" 2>&1 & echo $! >"$scratch/hub.pid"; code=0; wait $! || code=$?; echo $code >"$scratch/hub.code"' start $words </dev/null >/dev/null 2>&1 &
  until grep -q '"the hub listens"' "$scratch/hub.log"; do
    [ ! -s "$scratch/hub.code" ] && [ "$tries" -lt 600 ] || { cat "$scratch/hub.log" >&2; return 1; }
    read -rt 0.05 <>"$scratch/pause" || true
    tries=$((tries + 1))
  done
}

stand_in_systemctl() {
  case "$*" in
    daemon-reload) ;;
    "enable --now ieum" | "start ieum") start_hub ;;
    "disable --now ieum" | "stop ieum") stop_hub ;;
    "restart ieum") stop_hub && start_hub ;;
    *)
      echo "systemctl $*: the stand-in does not know this" >&2
      return 1
      ;;
  esac
}
