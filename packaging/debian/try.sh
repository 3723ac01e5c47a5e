#!/bin/bash
# What scripts/deb-check.sh has a machine do with the package; the first thing that is not as it should be ends it.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

readonly api=http://127.0.0.1:8080/v1
step() { echo "ok: $*"; }
fail() {
    echo "FAIL: $*"
    journalctl --no-pager -u msnp-gateway.service | tail -40
    exit 1
}
trap 'fail "line $LINENO"' ERR
# not COMMAND...: that has to fail; `!` alone would let it pass.
not() { if "$@"; then fail "went well: $*"; fi; }
# Nobody starts it as often as this does, which systemd would put down to a fault.
forget_starts() { systemctl reset-failed msnp-gateway.service msnp-gateway.socket; }
# until SECONDS COMMAND...: until it succeeds.
until_true() {
    local left=$1
    shift
    until "$@"; do
        ((left-- > 0)) || fail "never: $*"
        sleep 1
    done
}

# What pages tell people to do, as it stands there: the blocks of a section.
section() { sed -n "/^###* $2\$/,/^###* /p" "/usr/share/doc/msnp-gateway/$1" | sed -n '/^```sh$/,/^```$/{/^```/d;p}'; }

dpkg -i /root/old.deb
systemctl is-active msnp-gateway.service msnp-gateway.socket
curl -sf http://127.0.0.1:8080/readyz >/dev/null
[[ $(stat -c %a /etc/msnp-gateway/state.key) == 600 ]]
[[ $(ps -o user= -p "$(systemctl show -p MainPID --value msnp-gateway)") != root ]]
[[ -e /usr/share/msnp-gateway/web/index.html ]]
curl -sf http://127.0.0.1:8080/ | grep -q '<html'
msnp-gateway --version
# What the service's own view of the machine has to show, and its pages for whoever reads them there.
curl -sf http://127.0.0.1:8080/metrics >/run/metrics
grep -q '^process_start_time_seconds [0-9]' /run/metrics
grep '^process_max_fds [0-9]' /run/metrics
for file in man/man1/msnp-gateway.1.gz bash-completion/completions/msnp-gateway zsh/vendor-completions/_msnp-gateway \
    fish/vendor_completions.d/msnp-gateway.fish doc/msnp-gateway/docs/operations.md doc/msnp-gateway/docs/webhook-bot.py; do
    [[ -s /usr/share/$file ]]
done
step 'installed, started, ready, no root, with its pages'

section README.md 'The first ten minutes' >/root/minutes.sh
grep -q '^sh ask.sh ' /root/minutes.sh
(
    cd /root
    export HOME=/root
    bash -euo pipefail -c "trap 'kill \$(jobs -p)' EXIT; $(cat minutes.sh)"
) >/run/minutes
grep -q '"from":"bob@example.com".*"text":"Are you there?".*"type":"message.received"' /run/minutes
HOME=/root msnp-gateway logout >/dev/null
MSNP_GATEWAY_CONFIG=/etc/msnp-gateway/gateway.yaml msnp-gateway keys revoke bot
is_open() { curl -sf "$api" | grep -q '"signIn":"open"'; }
until_true 10 is_open
step 'a bot and a script, as the README says'

answer=$(curl -sf "$api/sessions" --json '{"account":"alice@example.com","password":"sandbox"}')
session=$api/sessions/$(expr "$answer" : '.*"id":"\([^"]*\)"')
auth="Authorization: Bearer $(expr "$answer" : '.*"token":"\([^"]*\)"')"
is_online() { curl -sf -H "$auth" "$session" | grep -q '"state":"online"'; }
is_online
step 'signed in'

systemctl reload msnp-gateway
systemctl is-active --quiet msnp-gateway
is_online
step 'reloaded'

export MSNP_GATEWAY_CONFIG=/etc/msnp-gateway/gateway.yaml
key=$(msnp-gateway keys add probe)
takes_key() { curl -sf -o /dev/null -H "Authorization: Bearer $key" "$api/sessions"; }
until_true 10 takes_key
msnp-gateway keys list | grep -q probe
msnp-gateway state check >/dev/null
msnp-gateway keys revoke probe >/dev/null
refuses_key() { if takes_key; then return 1; fi; }
until_true 10 refuses_key
systemctl restart msnp-gateway
until_true 30 is_online
step 'root adds a key, looks at the state, and revokes the key'

# Callers come all the time, and none is refused.
(while [[ ! -e /run/calls-end ]]; do
    curl -sf --max-time 30 -o /dev/null http://127.0.0.1:8080/livez || echo refused >>/run/calls
    echo call >>/run/calls
done) &
before=$(systemctl show -p MainPID --value msnp-gateway)
cp /etc/msnp-gateway/gateway.yaml /root/edited.yaml
echo 'limits.sessions: 77' >>/etc/msnp-gateway/gateway.yaml
dpkg -i --force-confold /root/new.deb
touch /run/calls-end
wait
grep -q call /run/calls
not grep -q refused /run/calls
[[ $(systemctl show -p MainPID --value msnp-gateway) != "$before" ]]
until_true 30 is_online
grep -q 'limits.sessions: 77' /etc/msnp-gateway/gateway.yaml
step "upgraded to $(dpkg-query -W -f '${Version}' msnp-gateway): the session came back, no call of $(grep -c call /run/calls) was refused"

msnp-gateway keys add backup >/root/backup.key
chmod 600 /root/backup.key
section docs/operations.md 'Backup and restore' >/root/backup.sh
grep -q '^msnp-gateway state backup' /root/backup.sh
grep -q '^state=$(realpath ' /root/backup.sh
sed -i "s|^backup=.*|backup=/backup/state-$(date +%F).db|" /root/backup.sh
export HOME=/root
signs_in() { echo sandbox | msnp-gateway login erin@example.com --key-file /root/backup.key --as erin >/dev/null; }
until_true 10 signs_in
forget_starts
bash -euo pipefail /root/backup.sh
systemctl is-active --quiet msnp-gateway.socket msnp-gateway.service
until_true 30 is_online
user=$(ps -o uid= -p "$(systemctl show -p MainPID --value msnp-gateway)" | tr -d ' ')
[[ $(stat -c %u:%a "$(realpath /var/lib/msnp-gateway)") == "$user:700" ]]
[[ -L /var/lib/msnp-gateway && -e /var/lib/private/msnp-gateway.old/state.db ]]
erin_is_online() { msnp-gateway status --as erin | grep -q '"state":"online"'; }
until_true 30 erin_is_online
rm -r /var/lib/private/msnp-gateway.old
msnp-gateway logout --as erin >/dev/null
msnp-gateway keys revoke backup >/dev/null
step 'backed up, and restored as the pages say: the sessions are there'

forget_starts
systemctl stop msnp-gateway.socket msnp-gateway.service
not curl -s --max-time 5 http://127.0.0.1:8080/livez
systemctl start msnp-gateway
systemctl is-active --quiet msnp-gateway.socket
until_true 30 is_online
step 'the service brings its socket with it'

# A socket counts by its address: at one that is no loopback nobody signs in without a key, and without any the gateway does not start.
readonly override=/etc/systemd/system/msnp-gateway.socket.d
mkdir "$override"
sed -n '/^```ini$/,/^```$/{/^```/d;p}' /usr/share/doc/msnp-gateway/docs/operations.md >"$override/override.conf"
grep -q '^ListenStream=/run/msnp-gateway.sock' "$override/override.conf"
systemctl daemon-reload
forget_starts
systemctl stop msnp-gateway.socket msnp-gateway.service
not systemctl start msnp-gateway
[[ $(systemctl show -p ExecMainStatus --value msnp-gateway) == 78 ]]
msnp-gateway keys add unix >/dev/null
forget_starts
systemctl stop msnp-gateway.socket msnp-gateway.service
systemctl start msnp-gateway
[[ $(stat -c %a:%G /run/msnp-gateway.sock) == 660:www-data ]]
at_socket() { curl -sf --unix-socket /run/msnp-gateway.sock "http://localhost$1"; }
until_true 30 at_socket /readyz >/dev/null
at_socket /v1 | grep -q '"signIn":"key"'
not curl -s --max-time 5 http://127.0.0.1:8080/livez
systemctl stop msnp-gateway.socket msnp-gateway.service
[[ ! -e /run/msnp-gateway.sock ]]
rm -r "$override"
systemctl daemon-reload
msnp-gateway keys revoke unix >/dev/null
systemctl start msnp-gateway
until_true 30 is_online
step 'a Unix socket, with a key alone'

forget_starts
# What hangs is found out and started anew.
before=$(systemctl show -p MainPID --value msnp-gateway)
kill -STOP "$before"
has_changed() { [[ $(systemctl show -p MainPID --value msnp-gateway) != "$before" ]]; }
until_true 90 has_changed
until_true 30 is_online
[[ $(systemctl show -p NRestarts --value msnp-gateway) -ge 1 ]]
step 'the watchdog started it anew, and the session came back'

systemctl restart msnp-gateway
until_true 30 is_online
printf 'backends: nonsense\n' >/etc/msnp-gateway/gateway.yaml
systemctl stop msnp-gateway
not systemctl start msnp-gateway
[[ $(systemctl show -p ExecMainStatus --value msnp-gateway) == 78 ]]
forget_starts
cp /root/edited.yaml /etc/msnp-gateway/gateway.yaml
systemctl start msnp-gateway.socket msnp-gateway.service
until_true 30 is_online
step 'wrong settings end it with 78 and nothing is tried again'

dpkg -r msnp-gateway
not systemctl is-active --quiet msnp-gateway.service
not curl -s --max-time 5 http://127.0.0.1:8080/livez
[[ ! -e /usr/bin/msnp-gateway && -e /etc/msnp-gateway/gateway.yaml && -e /etc/msnp-gateway/state.key ]]
[[ -e /var/lib/private/msnp-gateway/state.db ]]
step 'removed: settings, key and state are kept'

dpkg -i /root/new.deb
until_true 30 is_online
step 'installed again: the session is there'

dpkg -P msnp-gateway
left=$(find / -xdev -name '*msnp-gateway*' ! -path '/proc/*' ! -path '/sys/*' ! -path '/root/*' ! -path '/var/log/*')
[[ -z $left ]] || fail "left behind: $left"
step 'purged: nothing is left'
