#!/usr/bin/env bash
# Answers every message with its own words: echo-bot.sh ACCOUNT PASSWORD [http://127.0.0.1:8080]
#
# Needs jq, and curl 7.84 or later. Where signing in needs an API key, the environment has it as MSNP_KEY. Ends only when
# no waiting would help. Says what became of each answer, and where something may have been missed.
set -uo pipefail

account=$1 password=$2 gateway=${3:-http://127.0.0.1:8080}
key=${MSNP_KEY:-} credential='' session='' cursor='' reason='' ended=''

# back_off ATTEMPT: 1, 2, 4 … 30 s, a little less at random, as not all bots are to come back in the same moment.
back_off() {
    local seconds=$(($1 < 5 ? 1 << $1 : 30)) milliseconds
    milliseconds=$((seconds * 500 + RANDOM % (seconds * 500)))
    sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
}

# The field that shows the token, or the key; nothing where there is neither.
authorization() {
    if [[ -n $credential ]]; then printf 'Authorization: Bearer %s\n' "$credential"; fi
}

# call METHOD PATH [BODY [IDEMPOTENCY-KEY]]: leaves status, answer and replayed. Repeats the request until the gateway
# itself has answered, and not with "later". Neither password nor token stands in an argument, where others see it.
call() {
    local body=${3:-} attempt=0 later
    local -a more=()
    if [[ -n $body ]]; then more+=(-H 'Content-Type: application/json' --data-binary @-); fi
    if [[ -n ${4:-} ]]; then more+=(-H "Idempotency-Key: $4"); fi
    while true; do
        if answer=$(curl -s -m 90 -X "$1" -H @<(authorization) \
            -w '\n%{http_code}\n%header{retry-after}\n%header{idempotency-replayed}.' "${more[@]}" "$gateway/v1$2" \
            <<<"$body"); then
            replayed=${answer##*$'\n'} answer=${answer%$'\n'*}
            later=${answer##*$'\n'} answer=${answer%$'\n'*}
            status=${answer##*$'\n'} answer=${answer%$'\n'*}
            # Else it is the page of a proxy that has nobody behind it.
            if jq -e 'type == "object"' <<<"$answer" >/dev/null 2>&1; then
                if ((status < 400)) || [[ -z $later && $(get .code) != null ]]; then return; fi
                if [[ $later =~ ^[0-9]{1,4}$ ]]; then
                    sleep $((later < 60 ? later : 60))
                    continue
                fi
            fi
        fi
        back_off $((attempt++))
    done
}

# get FILTER: something of the answer.
get() { jq -r "$1" <<<"$answer"; }

# Takes a session: the one of before where it is still there, and then the cursor is as good as it was.
sign_in() {
    local attempt=0
    while true; do
        credential=$key
        call POST /sessions "$(jq -n --arg account "$account" --rawfile password <(printf %s "$password") '$ARGS.named')"
        if ((status < 300)); then break; fi
        if ((status < 500 && status != 409)); then
            get '"\(.code): \(.detail)"' >&2
            exit 1
        fi
        back_off $((attempt++)) # The server is away, or the attempt was cut off.
    done
    credential=$(get .token)
    if [[ $session != "$(get .session.id)" ]]; then
        if [[ -n $session && -z $ended ]]; then echo 'gap: the session was lost, and with it what nobody had read'; fi
        session=$(get .session.id) cursor=''
        echo "signed in: $session"
    fi
    ended=''
}

# reply EVENT: sends a text back, under the event's own ID: asked for again, it is not done again. False: sign in first.
reply() {
    local attempt=0 path
    path=/sessions/$session/conversations/$(jq -r .data.conversationId <<<"$1")/messages
    while true; do
        call POST "$path" "$(jq -c '{text: .data.text}' <<<"$1")" "$(jq -r .id <<<"$1")"
        if ((status == 401)); then return 1; fi
        if ((status < 300)); then
            echo "$(get .message.delivery): $(jq -r .data.text <<<"$1")"
            return
        fi
        # What may have gone out is kept under its key, and so comes again: the truth, and no second message.
        if [[ $replayed == true. || ! $status =~ ^(409|502|504)$ || $(get .code) == session-ended ]] || ((attempt == 5)); then
            echo "failed ($(get .code)): $(jq -r .data.text <<<"$1")"
            return
        fi
        back_off $((attempt++)) # Who has just gone may come back, and so may the server.
    done
}

# Reads on from the cursor, and deals with what has come. False: sign in first.
read_on() {
    local event
    local -a events
    # The gateway keeps the place of the consumer, too, for a bot that starts again; a new one begins with all there is.
    call GET "/sessions/$session/events?consumer=echo&types=message.received,session.state${cursor:+&after=$cursor}"
    case $status in
        410)
            echo "gap: $(get '.missed // "nobody knows how many"') events are no longer kept"
            cursor=oldest
            return
            ;;
        401 | 404) return 1 ;;
    esac
    if ((status >= 400)); then
        back_off 2
        return
    fi
    local page=$answer
    mapfile -t events < <(get '.events[] | tojson')
    for event in "${events[@]}"; do
        if jq -e '.type == "session.state"' <<<"$event" >/dev/null; then
            reason=$(jq -r .data.reason <<<"$event")
            if jq -e '.data.state == "reconnecting"' <<<"$event" >/dev/null; then
                echo "gap: the server was lost ($reason), and with it what was on its way"
            fi
        elif jq -e '.data | has("text")' <<<"$event" >/dev/null; then
            reply "$event" || return
        fi
        cursor=$(jq -r .id <<<"$event") # Only now: what was not dealt with comes again.
    done
    answer=$page
    cursor=$(get .next)
    if [[ $(get .ended) == true ]]; then
        if [[ $reason =~ ^(signedOut|signedInElsewhere|signInRefused|noCommonVersion|challengeFailed)$ ]]; then
            echo "the session has ended: $reason" >&2
            exit 1
        fi
        # Everything in it has been read; what it has not heard any more is in nobody's journal.
        echo "gap: the session has ended ($reason), and with it what was on its way"
        ended=yes
        back_off 2 # Whatever it was, it is not over yet.
        return 1
    fi
}

sign_in
while true; do read_on || sign_in; done
