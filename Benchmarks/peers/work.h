// The gateway's job in C, without an HTTP library: what mhd.c and epoll.c share.
//
// Signs accounts in at an MSNP server, keeps contacts and a journal, and answers a poll with what happened, in the gateway's
// words. Sessions belong to the loop that took their sign-in; readers on any loop are served, behind the session's lock.
// Left out: everything that makes a program of it (limits, refusals, time-outs of the server, reconnects, sign-outs).
#ifndef WORK_H
#define WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOST_EVENTS 64

struct text {
    char *bytes;
    size_t count, room;
};

// What the gateway says of polls; nothing is counted here.
#define RATE_LIMIT_POLICY "\"polls\";q=64;qu=\"concurrent-requests\""
#define RATE_LIMIT "\"polls\";r=64"

struct answer {
    int status;
    struct text body;
    char location[64], etag[24];
    // It says how many polls may wait.
    bool is_page;
};

// A request that waits, or is about to be answered. Its memory is the transport's.
struct request {
    struct loop *loop;
    struct answer answer;
    struct session *session;
    bool answered, taken;
    uint64_t after;
    int64_t deadline;
    // Among those that wait at the session; behind the session's lock.
    struct request *next_waiter;
    // In the order of their deadlines; the loop's alone. Then in its mailbox.
    struct request *earlier, *later, *next_mail;
};

// What a request says, as the transport found it; not terminated where a length stands beside it.
struct question {
    bool is_post;
    const char *path, *token, *after, *types, *body;
    size_t body_count;
};

struct contact {
    char *account, *name;
    bool listed[4];
    const char *status;
};

struct event {
    char *json;
    size_t count;
    const char *type;
};

struct session {
    pthread_mutex_t lock;
    struct loop *loop;
    int server;
    unsigned transaction;
    char account[64], id[24], token[48], created[32], heard[32];
    const char *status;
    struct text lines;
    struct contact *contacts;
    size_t contact_count, arrived;
    uint64_t sequence, revision;
    struct event journal[MOST_EVENTS];
    struct request *waiters, *entering;
};

enum tag { TAG_LISTENER = 1, TAG_MAILBOX, TAG_SERVER, TAG_CONNECTION, TAG_DAEMON };

// What the epoll of a loop points to: the first member of whatever is watched.
struct watched {
    enum tag tag;
    void *of;
};

struct loop {
    int epoll, mailbox_descriptor;
    pthread_t thread;
    pthread_mutex_t mailbox_lock;
    struct request *mailbox;
    struct request *first, *last;
    struct watched listener, mail;
    char date[40];
    int64_t date_second, clock_second;
    char clock_text[24];
    unsigned char random[4096];
    size_t random_used;
    void *transport;
};

extern struct loop *loops;
extern int loop_count;

// work.c: true when the answer is there, false when the request waits; `deliver` is called on its loop then.
bool take_question(struct loop *loop, struct request *request, const struct question *question);

// session.c
struct session *make_session(struct loop *loop, const char *account);
struct session *find_session(const char *id, const char *token);
void hear_server(struct session *session);

// loop.c
void run_loops(int argc, char **argv);
void watch(struct loop *loop, int descriptor, uint32_t events, struct watched *watched);
void add_waiter(struct loop *loop, struct request *request);
// Gives an answer to a request that waits; from any loop, by whoever has taken it from the session's waiters.
void complete(struct loop *from, struct request *request);
const char *date(struct loop *loop);
void timestamp(struct loop *loop, char *text);
void random_text(struct loop *loop, char *text, size_t count);
extern const char *backend_address;
extern int backend_port;

// json.c
void add(struct text *text, const char *bytes, size_t count);
void say(struct text *text, const char *string);
void number(struct text *text, uint64_t value);
void json_session(struct text *text, const struct session *session);
void json_contacts(struct text *text, const struct session *session);
void json_snapshot(struct text *text, const struct session *session);
void json_page(struct text *text, const struct session *session, uint64_t after, const char *types);
void record(struct session *session, const char *type, const struct text *data);

// The transport: mhd.c or epoll.c.
void start_transport(struct loop *loop);
void accept_connections(struct loop *loop, int listener);
void transport_ready(struct loop *loop, struct watched *watched, uint32_t events);
void end_of_turn(struct loop *loop);
void deliver(struct request *request);

#endif
