// The MSNP side: signs an account in, keeps its contacts, and writes down what happens to them.
#define _GNU_SOURCE
#include "work.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_SESSIONS 20000

static struct session *table[MOST_SESSIONS];
static _Atomic unsigned used;

struct session *find_session(const char *id, const char *token)
{
    // Its place, before what is random.
    unsigned index;
    if (sscanf(id, "%5x", &index) != 1 || index >= MOST_SESSIONS)
        return NULL;
    struct session *session = table[index];
    return session && strncmp(session->id, id, 16) == 0 && strcmp(session->token, token) == 0 ? session : NULL;
}

static void tell(struct session *session, const char *command, const char *arguments)
{
    char line[256];
    int count = snprintf(line, sizeof line, "%s %u %s\r\n", command, ++session->transaction, arguments);
    if (write(session->server, line, (size_t)count) != count)
        perror("write");
}

struct session *make_session(struct loop *loop, const char *account)
{
    struct session *session = calloc(1, sizeof *session);
    unsigned index = used++;
    pthread_mutex_init(&session->lock, NULL);
    session->loop = loop;
    snprintf(session->account, sizeof session->account, "%s", account);
    snprintf(session->id, sizeof session->id, "%05x", index);
    random_text(loop, session->id + 5, 11);
    memcpy(session->token, "mgt_", 4);
    random_text(loop, session->token + 4, 43);
    timestamp(loop, session->created);
    session->status = "offline";
    int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)backend_port) };
    inet_pton(AF_INET, backend_address, &address.sin_addr);
    session->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (index >= MOST_SESSIONS || connect(session->server, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(session->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    table[index] = session;
    struct watched *watched = malloc(sizeof *watched);
    *watched = (struct watched) { TAG_SERVER, session };
    watch(loop, session->server, EPOLLIN, watched);
    tell(session, "VER", "MSNP6 CVR0");
    return session;
}

static const char *status(const char *code)
{
    static const char *const names[][2] = { { "NLN", "online" }, { "AWY", "away" }, { "BSY", "busy" } };
    for (size_t place = 0; place < 3; place++)
        if (strcmp(code, names[place][0]) == 0)
            return names[place][1];
    return "offline";
}

static struct contact *contact(struct session *session, const char *account)
{
    for (size_t place = 0; place < session->contact_count; place++)
        if (strcmp(session->contacts[place].account, account) == 0)
            return &session->contacts[place];
    if ((session->contact_count & (session->contact_count - 1)) == 0)
        session->contacts =
            realloc(session->contacts, (session->contact_count ? session->contact_count * 2 : 1) * sizeof(struct contact));
    struct contact *contact = &session->contacts[session->contact_count++];
    *contact = (struct contact) { .account = strdup(account), .name = strdup(account), .status = "offline" };
    return contact;
}

// In place: %20 is a space.
static void unescape(char *text)
{
    char *to = text;
    for (; *text; text++) {
        unsigned code;
        if (*text == '%' && sscanf(text + 1, "%2x", &code) == 1) {
            *to++ = (char)code;
            text += 2;
        } else
            *to++ = *text;
    }
    *to = 0;
}

static void rename_contact(struct contact *contact, char *name)
{
    unescape(name);
    if (strcmp(contact->name, name) != 0) {
        free(contact->name);
        contact->name = strdup(name);
    }
}

static void hear_list(struct session *session, char **words)
{
    static const char letters[] = "FABR";
    if (strcmp(words[4], "0") != 0) {
        struct contact *member = contact(session, words[6]);
        member->listed[strchr(letters, words[2][0]) - letters] = true;
        rename_contact(member, words[7]);
    }
    if (words[2][0] == 'R' && strcmp(words[4], words[5]) == 0)
        tell(session, "CHG", "NLN");
}

// Gives readers who wait what they wait for. Behind the session's lock; what they get is handed over after it.
static struct request *take_waiters(struct session *session)
{
    struct request *waiters = session->waiters;
    session->waiters = NULL;
    for (struct request *request = waiters; request; request = request->next_waiter) {
        request->taken = true;
        request->answer.status = 200;
        json_page(&request->answer.body, session, request->after, "presence.changed");
    }
    return waiters;
}

static void member(struct text *text, const char *name, const char *value)
{
    say(text, name), say(text, value), say(text, "\"");
}

static void hear_presence(struct session *session, char **words)
{
    struct contact *who = contact(session, words[2]);
    struct text data = { 0 };
    const char *previous = who->status;
    who->status = status(words[1]);
    rename_contact(who, words[3]);
    session->revision++;
    member(&data, "{\"account\":\"", who->account), member(&data, ",\"displayName\":\"", who->name);
    member(&data, ",\"previous\":\"", previous), member(&data, ",\"status\":\"", who->status);
    say(&data, "}");
    record(session, "presence.changed", &data);
    free(data.bytes);
}

static void enter(struct session *session)
{
    struct request *request = session->entering;
    session->entering = NULL;
    session->status = "online";
    struct text data = { 0 };
    say(&data, "{\"state\":\"online\"}");
    record(session, "session.state", &data);
    data.count = 0;
    say(&data, "{\"complete\":true,\"contacts\":[");
    for (size_t place = 0; place < session->contact_count; place++) {
        struct contact *who = &session->contacts[place];
        member(&data, place ? ",{\"account\":\"" : "{\"account\":\"", who->account);
        member(&data, ",\"displayName\":\"", who->name), member(&data, ",\"status\":\"", who->status), say(&data, "}");
    }
    say(&data, "]}");
    record(session, "presence.initial", &data);
    free(data.bytes);
    struct answer *answer = &request->answer;
    answer->status = 201;
    snprintf(answer->location, sizeof answer->location, "/v1/sessions/%s", session->id);
    say(&answer->body, "{\"session\":"), json_session(&answer->body, session);
    say(&answer->body, ",\"token\":\""), say(&answer->body, session->token), say(&answer->body, "\"}");
    request->taken = true;
    complete(session->loop, request);
}

// One command; true when somebody may wait for what it means.
static bool hear(struct session *session, char *line)
{
    char *words[9] = { "", "", "", "", "", "", "", "", "" }, *mark = NULL, first[128];
    int count = 0;
    for (char *word = strtok_r(line, " ", &mark); word && count < 9; word = strtok_r(NULL, " ", &mark))
        words[count++] = word;
    if (strcmp(words[0], "NLN") == 0) {
        hear_presence(session, words);
        return true;
    }
    if (strcmp(words[0], "ILN") == 0) {
        struct contact *who = contact(session, words[3]);
        who->status = status(words[2]);
        rename_contact(who, words[4]);
        session->arrived++;
    } else if (strcmp(words[0], "LST") == 0)
        hear_list(session, words);
    else if (strcmp(words[0], "VER") == 0)
        tell(session, "INF", "");
    else if (strcmp(words[0], "INF") == 0) {
        snprintf(first, sizeof first, "MD5 I %s", session->account);
        tell(session, "USR", first);
    } else if (strcmp(words[0], "USR") == 0) {
        if (strcmp(words[2], "OK") == 0)
            tell(session, "SYN", "0");
        else
            tell(session, "USR", "MD5 S 9dd4e461268c8034f5c8564e155c67a6");
    }
    // The answer to CHG comes before those who are there, and with them in one write.
    return false;
}

void hear_server(struct session *session)
{
    static _Thread_local char bytes[65536];
    ssize_t got = recv(session->server, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN))
        close(session->server);
    if (got <= 0)
        return;
    struct request *waiters = NULL;
    pthread_mutex_lock(&session->lock);
    timestamp(session->loop, session->heard);
    char *start = bytes, *end = bytes + got;
    if (session->lines.count > 0) {
        add(&session->lines, bytes, (size_t)got);
        start = session->lines.bytes, end = start + session->lines.count;
    }
    bool told = false;
    for (char *stop; (stop = memchr(start, '\n', (size_t)(end - start))); start = stop + 1) {
        stop[stop > start && stop[-1] == '\r' ? -1 : 0] = 0;
        told |= hear(session, start);
    }
    struct text rest = session->lines;
    session->lines = (struct text) { 0 };
    if (start < end)
        add(&session->lines, start, (size_t)(end - start));
    free(rest.bytes);
    if (session->entering && session->contact_count > 0 && session->arrived == session->contact_count)
        enter(session);
    if (told)
        waiters = take_waiters(session);
    pthread_mutex_unlock(&session->lock);
    for (struct request *next; waiters; waiters = next) {
        next = waiters->next_waiter;
        complete(session->loop, waiters);
    }
}
