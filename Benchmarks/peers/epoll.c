// No library at all: as little as an HTTP server for this job can do. It knows the requests of the driver and little else.
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

// Its first member is what the epoll points to; it has one request at a time.
struct connection {
    struct watched watched;
    struct request request;
    int descriptor;
    struct text rest;
};

void start_transport(struct loop *loop)
{
    (void)loop;
}

void end_of_turn(struct loop *loop)
{
    (void)loop;
}

void accept_connections(struct loop *loop, int listener)
{
    // One at a time, so that both loops have their share.
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), on = 1;
    if (descriptor < 0)
        return;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *connection = calloc(1, sizeof *connection);
    connection->watched = (struct watched) { TAG_CONNECTION, loop };
    connection->descriptor = descriptor;
    watch(loop, descriptor, EPOLLIN, &connection->watched);
}

static void respond(struct connection *connection)
{
    struct request *request = &connection->request;
    struct answer *answer = &request->answer;
    char head[512], request_id[17];
    random_text(request->loop, request_id, 16);
    const char *reason = answer->status == 200 ? "OK" : answer->status == 201 ? "Created" : "Refused";
    int count = sprintf(head, "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: application/json\r\n", answer->status, reason,
        date(request->loop));
    if (answer->location[0])
        count += sprintf(head + count, "Location: %s\r\n", answer->location);
    if (answer->etag[0])
        count += sprintf(head + count, "ETag: %s\r\n", answer->etag);
    if (answer->is_page)
        count += sprintf(head + count, "RateLimit-Policy: %s\r\nRateLimit: %s\r\n", RATE_LIMIT_POLICY, RATE_LIMIT);
    count += sprintf(head + count,
        "Cache-Control: %s\r\nX-Request-Id: %s\r\nX-Content-Type-Options: nosniff\r\nContent-Length: %zu\r\n\r\n",
        answer->etag[0] ? "private, no-cache" : "no-store", request_id, answer->body.count);
    struct iovec parts[] = { { head, (size_t)count }, { answer->body.bytes, answer->body.count } };
    ssize_t all = count + (ssize_t)answer->body.count;
    for (ssize_t written = 0; written < all;) {
        ssize_t some = writev(connection->descriptor, parts, 2);
        if (some < 0 && errno == EAGAIN) {
            // A client that does not read holds the loop up; none of the benchmark's does so for long.
            usleep(100);
            continue;
        }
        if (some < 0)
            break;
        written += some;
        for (int part = 0; part < 2; part++) {
            size_t gone = (size_t)some < parts[part].iov_len ? (size_t)some : parts[part].iov_len;
            parts[part].iov_base = (char *)parts[part].iov_base + gone;
            parts[part].iov_len -= gone;
            some -= (ssize_t)gone;
        }
    }
    free(answer->body.bytes);
    *request = (struct request) { 0 };
}

void deliver(struct request *request)
{
    respond((struct connection *)((char *)request - offsetof(struct connection, request)));
}

// A value up to a byte of `stops`, in place: the byte becomes the end of the string.
static char *value(char *at, const char *mark, const char *stops)
{
    char *found = at ? strstr(at, mark) : NULL;
    if (!found)
        return NULL;
    found += strlen(mark);
    found[strcspn(found, stops)] = 0;
    return found;
}

// Takes one request out of the bytes and sees to it; its length, or 0 when it is not all there.
static size_t take(struct loop *loop, struct connection *connection, char *bytes, size_t count)
{
    char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end + 4 - bytes), body = 0;
    *end = 0;
    char *length = strcasestr(bytes, "\r\ncontent-length:");
    if (length)
        body = strtoul(length + 17, NULL, 10);
    if (head + body > count) {
        *end = '\r';
        return 0;
    }
    struct question question = { .is_post = bytes[0] == 'P', .body = bytes + head, .body_count = body };
    question.token = value(bytes, "\r\nAuthorization: Bearer ", "\r");
    char *path = strchr(bytes, ' ') + 1;
    path[strcspn(path, " ")] = 0;
    char *query = strchr(path, '?');
    if (query)
        *query++ = 0;
    question.path = path;
    // From the back, as each value ends the string that is looked through.
    question.after = value(query, "after=", "&");
    question.types = value(query, "types=", "&");
    if (take_question(loop, &connection->request, &question))
        respond(connection);
    return head + body;
}

void transport_ready(struct loop *loop, struct watched *watched, uint32_t events)
{
    static _Thread_local char buffer[65536];
    struct connection *connection = (struct connection *)watched;
    (void)events;
    ssize_t got = recv(connection->descriptor, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        // One that waits is left to its time-out; the driver leaves with nothing open but those.
        if (!connection->request.session) {
            close(connection->descriptor);
            free(connection->rest.bytes);
            free(connection);
        } else
            epoll_ctl(loop->epoll, EPOLL_CTL_DEL, connection->descriptor, NULL);
        return;
    }
    char *bytes = buffer;
    size_t count = (size_t)got;
    if (connection->rest.count > 0) {
        add(&connection->rest, buffer, count);
        bytes = connection->rest.bytes;
        count = connection->rest.count;
    }
    size_t taken = take(loop, connection, bytes, count);
    struct text rest = connection->rest;
    connection->rest = (struct text) { 0 };
    if (taken < count)
        add(&connection->rest, bytes + taken, count - taken);
    free(rest.bytes);
}

int main(int argc, char **argv)
{
    run_loops(argc, argv);
}
