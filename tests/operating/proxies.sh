# nginx and Caddy with the page's settings in front of the hub of tests/operating/run, which sources this.
proxy_pid=""
stop_proxies() {
  [ -z "$proxy_pid" ] || kill "$proxy_pid" 2>/dev/null || true
  [ -z "$proxy_pid" ] || wait "$proxy_pid" 2>/dev/null || true
  proxy_pid=""
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=hub.example.com \
    -addext 'subjectAltName=DNS:hub.example.com,DNS:console.example.com' \
    -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null
}
through() {
  local name=$1
  shift
  curl -sS --cacert "$scratch/cert.pem" --connect-to "$name.example.com:443:127.0.0.1:$proxy_port" "$@"
}

start_nginx() {
  local program=.tools/operate/usr/sbin/nginx
  mkdir -p "$scratch/nginx"
  {
    echo "daemon off; master_process off; worker_processes 1; pid $scratch/nginx/pid; error_log stderr warn;"
    echo "events {} http { access_log off;"
    for folder in client_body proxy fastcgi uwsgi scgi; do echo "${folder}_temp_path $scratch/nginx/$folder;"; done
    block nginx "" | here_of | sed "s,listen 443,listen 127.0.0.1:$proxy_port,; s,ssl_certificate  .*,ssl_certificate $scratch/cert.pem;,; s,ssl_certificate_key.*,ssl_certificate_key $scratch/key.pem;,"
    echo "}"
  } >"$scratch/nginx.conf"
  "$program" -t -q -p "$scratch/nginx" -c "$scratch/nginx.conf" -e stderr || broken "nginx refuses the settings of $page"
  "$program" -p "$scratch/nginx" -c "$scratch/nginx.conf" -e stderr >"$scratch/proxy.log" 2>&1 &
  proxy_pid=$!
}

start_caddy() {
  local program=$PWD/.tools/operate/usr/bin/caddy
  {
    echo "{ admin off"
    echo "auto_https disable_redirects }"
    block caddy "" | here_of | sed "s,^\([a-z]*\.example\.com\) {,\1:$proxy_port {\n  tls $scratch/cert.pem $scratch/key.pem\n  bind 127.0.0.1,"
  } | sed 's/^{ admin off$/{\n  admin off/; s/^auto_https disable_redirects }$/  auto_https disable_redirects\n}/' >"$scratch/Caddyfile"
  export XDG_DATA_HOME=$scratch/caddy XDG_CONFIG_HOME=$scratch/caddy
  "$program" validate --adapter caddyfile --config "$scratch/Caddyfile" >"$scratch/proxy.log" 2>&1 ||
    { cat "$scratch/proxy.log" >&2; broken "Caddy refuses the settings of $page"; }
  "$program" run --adapter caddyfile --config "$scratch/Caddyfile" >"$scratch/proxy.log" 2>&1 &
  proxy_pid=$!
}

# told_live CONSOLE: a run that begins is told through the proxy before the stream's next beat would push it out.
told_live() {
  local listener
  : >"$scratch/live"
  curl() { exec "$(type -P curl)" "$@"; }  # in the background shell, so that its process is curl's
  through console -N -m 12 -H "Authorization: Bearer $(token)" "$1/api/v1/runs/live" >"$scratch/live" 2>/dev/null &
  listener=$!
  unset -f curl
  until grep -q knock "$scratch/live" || ! kill -0 "$listener" 2>/dev/null; do
    echo '{}' | ieum event send erp knock >/dev/null || true
    read -rt 0.1 <>"$scratch/pause" || true
  done
  kill "$listener" 2>/dev/null || true
  grep -q knock "$scratch/live"
}

# try_proxy NAME: both doors through it, each by its own name.
try_proxy() {
  local hub=https://hub.example.com console=https://console.example.com tries=0
  if [ ! -d .tools/operate/usr ]; then
    note "NOT LOOKED AT: $1, because it could not be fetched (scripts/setup operate)"
    echo "$1 test" >>"$scratch/done"
    return
  fi
  note "$1"
  "start_$1"
  until through hub -o /dev/null "$hub/healthz" 2>/dev/null; do
    tries=$((tries + 1))
    { [ "$tries" -lt 200 ] && kill -0 "$proxy_pid" 2>/dev/null; } || { cat "$scratch/proxy.log" >&2; broken "$1 does not answer"; }
    read -rt 0.05 <>"$scratch/pause" || true
  done
  holds "$1: the public side answers" 'through hub -f "$hub/healthz" | grep -q ok'
  holds "$1: the admin side is not under the public name" '[ "$(through hub -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $(token)" "$hub/api/v1/status")" = 404 ]'
  holds "$1: a delivery comes to the hub" 'through hub -d "{}" "$hub/hooks/nobody" | grep -q not_found'
  holds "$1: the console opens under its name" '[ "$(through console -o /dev/null -w "%{http_code}" "$console/")" = 200 ]'
  holds "$1: the API takes the console's own requests" 'through console -f -H "Authorization: Bearer $(token)" -H "Origin: $console" -H "Sec-Fetch-Site: same-origin" "$console/api/v1/status" | grep -q version'
  holds "$1: and no other site's" '[ "$(through console -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $(token)" -H "Origin: https://evil.example.net" "$console/api/v1/status")" = 403 ]'
  holds "$1: runs are told as they move" 'told_live "$console"'
  stop_proxies
}
