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
# until SECONDS COMMAND...: until it succeeds.
until_true() {
    local left=$1
    shift
    until "$@"; do
        ((left-- > 0)) || fail "never: $*"
        sleep 1
    done
}

dpkg -i /root/old.deb
systemctl is-active msnp-gateway.service msnp-gateway.socket
curl -sf http://127.0.0.1:8080/readyz >/dev/null
[[ $(stat -c %a /etc/msnp-gateway/state.key) == 600 ]]
[[ $(ps -o user= -p "$(systemctl show -p MainPID --value msnp-gateway)") != root ]]
[[ -e /usr/share/msnp-gateway/web/index.html ]]
curl -sf http://127.0.0.1:8080/ | grep -q '<html'
msnp-gateway --version
step 'installed, started, ready, no root, with its pages'

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
systemctl reset-failed msnp-gateway.service msnp-gateway.socket
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
