# Looking at what came of a command: for tests/operating/run, which sources it.
note() { printf '  %s\n' "$1"; }
broken() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}
# holds WHAT COMMANDS: WHAT is true when the commands, in one text, end well.
holds() {
  (set +eo pipefail; eval "$2") || { tail -n 5 "$scratch/said" "$scratch/hub.log" >&2 || true; broken "$1"; }
  checks=$((checks + 1))
}
status_of() { curl -sS -o /dev/null -w '%{http_code}' "$@"; }

# A port that nothing listens on now, below the range that outgoing connections take theirs from.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# judge_unit FILE: systemd itself reads the unit, and finds little that a break-in could use (SEC-10: 2.0 and below).
judge_unit() {
  local analyze shared="" score
  analyze=$(command -v systemd-analyze || true)
  if [ -z "$analyze" ] && [ -x .tools/operate/usr/bin/systemd-analyze ]; then
    analyze=$PWD/.tools/operate/usr/bin/systemd-analyze
    shared=$(find "$PWD/.tools/operate" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')
  fi
  if [ -z "$analyze" ] || ! LD_LIBRARY_PATH=$shared "$analyze" --version >/dev/null 2>&1; then
    echo "  NOT LOOKED AT: the unit, because there is no systemd-analyze here"
    return 0
  fi >&2
  mkdir -p "$scratch/units"
  sed "s,/usr/local,$scratch/usr/local,g" "$1" >"$scratch/units/ieum.service"
  LD_LIBRARY_PATH=$shared "$analyze" verify --man=no "$scratch/units/ieum.service" >&2 || return 1
  score=$(LD_LIBRARY_PATH=$shared "$analyze" security --offline=true "$scratch/units/ieum.service" 2>/dev/null | sed -n 's/.*Overall exposure level for ieum.service: \([0-9.]*\).*/\1/p')
  note "systemd-analyze security: $score" >&2
  awk -v score="$score" 'BEGIN { exit !(score != "" && score <= 2.0) }'
}

# refused_start TEXT: with these settings the hub ends with 2, and says TEXT.
refused_start() {
  local code=0
  "$scratch/usr/local/bin/ieum" serve --data "$scratch/never" --config "$conf" >"$scratch/said" 2>&1 || code=$?
  [ "$code" = 2 ] && grep -q "$1" "$scratch/said"
}
