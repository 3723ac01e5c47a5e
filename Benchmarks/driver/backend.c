// An MSNP server that lets everybody in, has everybody's contacts online, and says what it is told to.
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener;

// A connection of which no account is known yet is found by its descriptor.
static struct place {
    struct rest lines;
    int64_t account;
} *places;
static size_t place_count;

int listen_for_subject(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0)
        fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    watch(listener, LISTENER, 0, EPOLLIN);
    place_count = 65536;
    places = calloc(place_count, sizeof *places);
    return ntohs(address.sin_port);
}

void accept_subject(void)
{
    for (int descriptor, on = 1; (descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        if ((size_t)descriptor >= place_count)
            fail("a descriptor beyond %zu", place_count);
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        places[descriptor].account = -1;
        watch(descriptor, SERVER_SIDE, (uint32_t)descriptor, EPOLLIN);
    }
}

// 24 characters for accounts below 100,000: c01-00001@messenger.test
static int contact(char *text, int number, int64_t account)
{
    return sprintf(text, "c%02d-%05ld@messenger.test", number, account);
}

// The lists: everybody is in all of them but the blocked ones.
static size_t lists(char *text, const char *number, int64_t account)
{
    size_t count = (size_t)sprintf(text, "SYN %s 3\r\n", number);
    for (const char *const *name = (const char *const[]) { "FL", "AL", "BL", "RL", NULL }; *name; name++) {
        if ((*name)[0] == 'B') {
            count += (size_t)sprintf(text + count, "LST %s BL 3 0 0\r\n", number);
            continue;
        }
        for (int place = 0; place < options.contacts; place++) {
            count += (size_t)sprintf(text + count, "LST %s %s 3 %d %d ", number, *name, place + 1, options.contacts);
            count += (size_t)contact(text + count, place, account);
            count += (size_t)sprintf(text + count, " Contact%%20%d\r\n", place);
        }
    }
    return count;
}

static size_t present(char *text, const char *line, const char *number, int64_t account)
{
    size_t count = (size_t)sprintf(text, "%s\r\n", line);
    for (int place = 0; place < options.contacts; place++) {
        count += (size_t)sprintf(text + count, "ILN %s NLN ", number);
        count += (size_t)contact(text + count, place, account);
        count += (size_t)sprintf(text + count, " Contact%%20%d\r\n", place);
    }
    return count;
}

// One command, without its line end.
static void answer(int descriptor, char *line)
{
    static char text[400000];
    struct place *place = &places[descriptor];
    char copy[600], *words[6] = { "", "", "", "", "", "" }, *mark = NULL;
    snprintf(copy, sizeof copy, "%s", line);
    int count = 0;
    for (char *word = strtok_r(copy, " ", &mark); word && count < 6; word = strtok_r(NULL, " ", &mark))
        words[count++] = word;
    size_t length = 0;
    if (strcmp(words[0], "VER") == 0)
        length = (size_t)sprintf(text, "VER %s MSNP6\r\n", words[1]);
    else if (strcmp(words[0], "INF") == 0)
        length = (size_t)sprintf(text, "INF %s MD5\r\n", words[1]);
    else if (strcmp(words[0], "USR") == 0 && words[3][0] == 'I') {
        // user00001@bench.test
        place->account = atol(words[4] + 4);
        if (place->account < 0 || place->account >= options.sessions)
            fail("nobody is called %s", words[4]);
        length = (size_t)sprintf(text, "USR %s MD5 S 1\r\n", words[1]);
    } else if (strcmp(words[0], "USR") == 0)
        length = (size_t)sprintf(text, "USR %s OK user%05ld@bench.test Somebody 1\r\n", words[1], place->account);
    else if (strcmp(words[0], "SYN") == 0)
        length = lists(text, words[1], place->account);
    else if (strcmp(words[0], "CHG") == 0) {
        length = present(text, line, words[1], place->account);
        sessions[place->account].server_side = descriptor;
    } else if (strcmp(words[0], "PNG") == 0)
        length = (size_t)sprintf(text, "QNG\r\n");
    if (length > 0)
        write_all(descriptor, text, length);
}

void hear_subject(uint32_t descriptor)
{
    static char bytes[65536];
    struct place *place = &places[descriptor];
    ssize_t got = read((int)descriptor, bytes, sizeof bytes);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
            drop(&place->lines);
            close((int)descriptor);
        }
        return;
    }
    keep(&place->lines, bytes, (size_t)got);
    char *start = place->lines.bytes, *end = start + place->lines.count;
    for (char *stop; (stop = memchr(start, '\n', (size_t)(end - start)));) {
        *stop = 0;
        if (stop > start && stop[-1] == '\r')
            stop[-1] = 0;
        answer((int)descriptor, start);
        start = stop + 1;
    }
    struct rest rest = place->lines;
    place->lines = (struct rest) { 0 };
    if (start < end)
        keep(&place->lines, start, (size_t)(end - start));
    free(rest.bytes);
}

uint32_t say_presence(uint32_t index)
{
    char line[128];
    struct session *session = &sessions[index];
    uint32_t contacts = (uint32_t)options.contacts, place = session->changes % contacts;
    // Nothing but the status changes: a name that did would be an event of its own to some, and none to others.
    int count = sprintf(line, "NLN %s ", session->changes++ / contacts % 2 == 0 ? "AWY" : "NLN");
    count += contact(line + count, (int)place, index);
    count += sprintf(line + count, " Contact%%20%u\r\n", place);
    write_all(session->server_side, line, (size_t)count);
    return place;
}
