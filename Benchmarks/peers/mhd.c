// The reference: libmicrohttpd as the gateway uses it. Many daemons on each loop, each with its epoll in the loop's; requests
// that wait are suspended connections.
#define _GNU_SOURCE
#include "work.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

// In a row for one daemon, before others have their turn.
#define ROUNDS 16
#define CONNECTION_MEMORY 8192

struct daemon {
    struct watched watched;
    struct MHD_Daemon *raw;
    bool ready;
    struct daemon *next_ready;
};

struct transport {
    struct daemon *daemons, *ready;
    int next;
};

struct exchange {
    struct request request;
    struct MHD_Connection *connection;
    struct daemon *daemon;
    struct text body;
};

static int daemon_count = 512;

static void make_ready(struct loop *loop, struct daemon *daemon)
{
    struct transport *transport = loop->transport;
    if (daemon->ready)
        return;
    daemon->ready = true;
    daemon->next_ready = transport->ready;
    transport->ready = daemon;
}

static enum MHD_Result queue(struct exchange *exchange)
{
    struct answer *answer = &exchange->request.answer;
    char request_id[17];
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->body.count, answer->body.bytes, MHD_RESPMEM_MUST_FREE);
    answer->body = (struct text) { 0 };
    MHD_add_response_header(response, "Content-Type", "application/json");
    if (answer->location[0])
        MHD_add_response_header(response, "Location", answer->location);
    if (answer->etag[0])
        MHD_add_response_header(response, "ETag", answer->etag);
    if (answer->is_page) {
        MHD_add_response_header(response, "RateLimit-Policy", RATE_LIMIT_POLICY);
        MHD_add_response_header(response, "RateLimit", RATE_LIMIT);
    }
    MHD_add_response_header(response, "Cache-Control", answer->etag[0] ? "private, no-cache" : "no-store");
    random_text(exchange->request.loop, request_id, 16);
    MHD_add_response_header(response, "X-Request-Id", request_id);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned)answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result take(struct loop *loop, struct exchange *exchange, const char *target, const char *method)
{
    struct MHD_Connection *connection = exchange->connection;
    const char *credentials = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    struct question question = {
        .is_post = strcmp(method, "POST") == 0,
        .path = target,
        .token = credentials && strncmp(credentials, "Bearer ", 7) == 0 ? credentials + 7 : NULL,
        .after = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "after"),
        .types = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "types"),
        .body = exchange->body.bytes ? exchange->body.bytes : "",
        .body_count = exchange->body.count,
    };
    if (take_question(loop, &exchange->request, &question))
        return queue(exchange);
    // Whoever answers does so on this thread, so that it can't be done yet.
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static enum MHD_Result access_callback(void *context, struct MHD_Connection *connection, const char *target, const char *method,
    const char *version, const char *upload, size_t *upload_count, void **state)
{
    (void)version;
    struct daemon *daemon = context;
    struct exchange *exchange = *state;
    if (!exchange) {
        exchange = *state = calloc(1, sizeof *exchange);
        exchange->connection = connection;
        exchange->daemon = daemon;
        return MHD_YES;
    }
    if (*upload_count > 0) {
        add(&exchange->body, upload, *upload_count);
        *upload_count = 0;
        return MHD_YES;
    }
    if (exchange->request.answered)
        return queue(exchange);
    return take(daemon->watched.of, exchange, target, method);
}

static void completed(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct exchange *exchange = *state;
    if (!exchange)
        return;
    free(exchange->body.bytes);
    free(exchange->request.answer.body.bytes);
    free(exchange);
    *state = NULL;
}

void deliver(struct request *request)
{
    struct exchange *exchange = (struct exchange *)request;
    request->answered = true;
    MHD_resume_connection(exchange->connection);
    make_ready(request->loop, exchange->daemon);
}

void start_transport(struct loop *loop)
{
    struct transport *transport = loop->transport = calloc(1, sizeof *transport);
    int count = daemon_count / loop_count;
    transport->daemons = calloc((size_t)count, sizeof *transport->daemons);
    for (int index = 0; index < count; index++) {
        struct daemon *daemon = &transport->daemons[index];
        daemon->watched = (struct watched) { TAG_DAEMON, loop };
        daemon->raw = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
            access_callback, daemon, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_CONNECTION_LIMIT, 10000u,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon->raw, MHD_DAEMON_INFO_EPOLL_FD);
        watch(loop, info->epoll_fd, EPOLLIN, &daemon->watched);
    }
}

void accept_connections(struct loop *loop, int listener)
{
    struct transport *transport = loop->transport;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    // One at a time, so that both loops have their share.
    int socket = accept4(listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0)
        return;
    struct daemon *daemon = &transport->daemons[transport->next];
    transport->next = (transport->next + 1) % (daemon_count / loop_count);
    MHD_add_connection(daemon->raw, socket, (struct sockaddr *)&address, length);
    make_ready(loop, daemon);
}

void transport_ready(struct loop *loop, struct watched *watched, uint32_t events)
{
    (void)events;
    make_ready(loop, (struct daemon *)watched);
}

void end_of_turn(struct loop *loop)
{
    struct transport *transport = loop->transport;
    for (struct daemon *daemon; (daemon = transport->ready);) {
        transport->ready = daemon->next_ready;
        daemon->ready = false;
        MHD_UNSIGNED_LONG_LONG timeout = 0;
        int round = 0;
        do
            MHD_run(daemon->raw);
        while (++round < ROUNDS && MHD_get_timeout(daemon->raw, &timeout) == MHD_YES && timeout == 0);
    }
}

int main(int argc, char **argv)
{
    if (argc > 2)
        daemon_count = atoi(argv[2]);
    run_loops(argc, argv);
}
