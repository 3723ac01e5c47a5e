// The clients: each signs in, then polls for ever on the same connection; readers ask for the same again and again.
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

#define MOST_READERS 256

uint64_t read_count, read_bytes, messages_sent, messages_heard;

static struct reader {
    int descriptor;
    struct rest answer;
    char request[400];
    size_t length;
    uint64_t times;
} readers[MOST_READERS];
static uint32_t reader_count;

size_t answer_length(const char *bytes, size_t count, const char **body, size_t *body_count)
{
    const char *head = memmem(bytes, count, "\r\n\r\n", 4);
    if (!head)
        return 0;
    size_t length = 0;
    for (const char *line = bytes; line < head;) {
        if (strncasecmp(line, "content-length:", 15) == 0)
            length = strtoul(line + 15, NULL, 10);
        const char *stop = memchr(line, '\n', (size_t)(head + 2 - line));
        line = stop + 1;
    }
    *body = head + 4;
    *body_count = length;
    size_t all = (size_t)(head + 4 - bytes) + length;
    return all <= count ? all : 0;
}

// Copies what stands behind a mark, up to the next quotation mark.
static void take(char *text, size_t room, const char *bytes, size_t count, const char *mark)
{
    const char *at = memmem(bytes, count, mark, strlen(mark));
    if (!at)
        fail("no %s in %.*s", mark, (int)count, bytes);
    at += strlen(mark);
    const char *stop = memchr(at, '"', (size_t)(bytes + count - at));
    if (!stop || (size_t)(stop - at) >= room)
        fail("too long: %s in %.*s", mark, (int)count, bytes);
    memcpy(text, at, (size_t)(stop - at));
    text[stop - at] = 0;
}

void open_client(uint32_t index)
{
    struct session *session = &sessions[index];
    session->client_side = connect_to(options.port);
    watch(session->client_side, CLIENT_SIDE, index, EPOLLIN);
}

void sign_in(uint32_t index)
{
    if (options.bosh)
        return bosh_sign_in(index);
    char body[128], request[512];
    struct session *session = &sessions[index];
    const char *form = options.sandbox ? "{\"account\":\"user%04u@example.com\",\"password\":\"sandbox\"}"
                                       : "{\"account\":\"user%05u@bench.test\",\"password\":\"x\"}";
    int length = sprintf(body, form, index + (options.sandbox ? 1 : 0));
    int count = sprintf(request,
        "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s", options.key, length, body);
    session->state = SIGNING_IN;
    write_all(session->client_side, request, (size_t)count);
}

void poll_events(uint32_t index)
{
    if (options.bosh)
        return bosh_poll(index);
    char request[512];
    struct session *session = &sessions[index];
    int count = sprintf(request,
        "GET /v1/sessions/%s/events?types=%s&wait=50&after=%s HTTP/1.1\r\nHost: localhost\r\n"
        "Authorization: Bearer %s\r\n\r\n", session->id, options.sandbox ? "message.received" : "presence.changed",
        session->cursor, session->token);
    session->state = POLLING;
    write_all(session->client_side, request, (size_t)count);
}

void send_message(uint32_t index)
{
    char body[128], request[512];
    struct session *session = &sessions[index];
    // The first half writes to the second.
    int length = sprintf(body, "{\"to\":\"user%04u@example.com\",\"text\":\"hello\"}", index + (unsigned)options.sessions / 2 + 1);
    int count = sprintf(request,
        "POST /v1/sessions/%s/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", session->id, session->token, length, body);
    session->state = SENDING;
    write_all(session->client_side, request, (size_t)count);
}

static uint64_t messages_in(const char *bytes, size_t count)
{
    static const char mark[] = "\"type\":\"message.received\"";
    uint64_t found = 0;
    for (const char *at = bytes; (at = memmem(at, (size_t)(bytes + count - at), mark, sizeof mark - 1)); at++)
        found++;
    return found;
}

static void take_answer(uint32_t index, int status, const char *body, size_t count)
{
    struct session *session = &sessions[index];
    if (status != 200 && status != 201)
        fail("%d: %.*s", status, (int)count, body);
    if (options.bosh)
        return bosh_step(index, body, count);
    if (session->state == SIGNING_IN) {
        take(session->id, sizeof session->id, body, count, "\"id\":\"");
        take(session->token, sizeof session->token, body, count, "\"token\":\"");
        take(session->cursor, sizeof session->cursor, body, count, "\"cursor\":\"");
        session->state = SIGNED_IN;
        signed_in(index);
    } else if (session->state == POLLING) {
        // The cursor stands at the end: {"events":[…],"next":"…","more":false}
        size_t tail = count < 100 ? count : 100;
        take(session->cursor, sizeof session->cursor, body + count - tail, tail, "\"next\":\"");
        poll_events(index);
        if (options.sandbox)
            messages_heard += messages_in(body, count);
        else
            note_events(body, count);
    } else if (session->state == SENDING) {
        messages_sent++;
        send_message(index);
    }
}

// Reads what came, behind what was kept; the number of bytes, or 0 where nothing is to be done.
static size_t receive(int descriptor, struct rest *rest, const char **bytes)
{
    static char buffer[262144];
    ssize_t got = read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EAGAIN)
        return 0;
    if (got <= 0)
        fail("the server under test has closed a connection");
    if (rest->count == 0) {
        *bytes = buffer;
        return (size_t)got;
    }
    keep(rest, buffer, (size_t)got);
    *bytes = rest->bytes;
    return rest->count;
}

// Keeps what is no whole answer yet.
static void keep_rest(struct rest *rest, const char *bytes, size_t count)
{
    struct rest old = *rest;
    *rest = (struct rest) { 0 };
    if (count > 0)
        keep(rest, bytes, count);
    free(old.bytes);
}

void hear_client(uint32_t index)
{
    struct session *session = &sessions[index];
    const char *bytes, *body;
    size_t count = receive(session->client_side, &session->answer, &bytes), body_count, all;
    if (count == 0)
        return;
    // What is kept must outlive the answers, which may read on the same buffer's place.
    while (count > 0 && (all = answer_length(bytes, count, &body, &body_count)) > 0) {
        take_answer(index, atoi(bytes + 9), body, body_count);
        bytes += all;
        count -= all;
    }
    keep_rest(&session->answer, bytes, count);
}

void open_reader(uint32_t place, uint32_t index, const char *path, uint64_t times)
{
    if (place >= MOST_READERS)
        fail("more than %d readers", MOST_READERS);
    struct reader *reader = &readers[place];
    struct session *session = &sessions[index];
    reader->descriptor = connect_to(options.port);
    reader->times = times - 1;
    reader->length = (size_t)sprintf(reader->request,
        "GET /v1/sessions/%s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", session->id, path,
        session->token);
    watch(reader->descriptor, READER_SIDE, place, EPOLLIN);
    write_all(reader->descriptor, reader->request, reader->length);
    reader_count = place + 1;
}

void hear_reader(uint32_t place)
{
    struct reader *reader = &readers[place];
    const char *bytes, *body;
    size_t count = receive(reader->descriptor, &reader->answer, &bytes), body_count;
    if (count == 0)
        return;
    size_t all = answer_length(bytes, count, &body, &body_count);
    if (all == 0)
        return keep_rest(&reader->answer, bytes, count);
    if (atoi(bytes + 9) != 200)
        fail("%.*s", (int)all, bytes);
    read_count++;
    read_bytes += all;
    keep_rest(&reader->answer, NULL, 0);
    if (reader->times-- > 0)
        write_all(reader->descriptor, reader->request, reader->length);
}

void close_readers(void)
{
    for (uint32_t place = 0; place < reader_count; place++) {
        close(readers[place].descriptor);
        keep_rest(&readers[place].answer, NULL, 0);
    }
    reader_count = 0;
}
