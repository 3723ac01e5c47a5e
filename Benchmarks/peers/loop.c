// Loops: one thread for each core, with sockets, a mailbox for answers from other loops, and deadlines.
#define _GNU_SOURCE
#include "work.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <signal.h>
#include <unistd.h>

struct loop *loops;
int loop_count;
const char *backend_address = "127.0.0.1";
int backend_port;
static int listener;

void watch(struct loop *loop, int descriptor, uint32_t events, struct watched *watched)
{
    struct epoll_event event = { .events = events, .data.ptr = watched };
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        perror("epoll_ctl");
        exit(1);
    }
}

// All wait for the same time, so that the newest is the last.
void add_waiter(struct loop *loop, struct request *request)
{
    request->earlier = loop->last;
    request->later = NULL;
    *(loop->last ? &loop->last->later : &loop->first) = request;
    loop->last = request;
}

static void remove_waiter(struct loop *loop, struct request *request)
{
    if (!request->deadline)
        return;
    *(request->earlier ? &request->earlier->later : &loop->first) = request->later;
    *(request->later ? &request->later->earlier : &loop->last) = request->earlier;
    request->deadline = 0;
}

void complete(struct loop *from, struct request *request)
{
    struct loop *loop = request->loop;
    if (loop == from) {
        remove_waiter(loop, request);
        deliver(request);
        return;
    }
    pthread_mutex_lock(&loop->mailbox_lock);
    bool was_empty = !loop->mailbox;
    request->next_mail = loop->mailbox;
    loop->mailbox = request;
    pthread_mutex_unlock(&loop->mailbox_lock);
    if (was_empty)
        eventfd_write(loop->mailbox_descriptor, 1);
}

static void empty_mailbox(struct loop *loop)
{
    eventfd_t unused;
    eventfd_read(loop->mailbox_descriptor, &unused);
    pthread_mutex_lock(&loop->mailbox_lock);
    struct request *request = loop->mailbox;
    loop->mailbox = NULL;
    pthread_mutex_unlock(&loop->mailbox_lock);
    for (struct request *next; request; request = next) {
        next = request->next_mail;
        remove_waiter(loop, request);
        deliver(request);
    }
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// A poll that nothing came for has an empty page.
static void end_waits(struct loop *loop)
{
    for (struct request *request; (request = loop->first) && request->deadline <= now();) {
        struct session *session = request->session;
        remove_waiter(loop, request);
        pthread_mutex_lock(&session->lock);
        bool taken = request->taken;
        request->taken = true;
        for (struct request **place = &session->waiters; !taken && *place; place = &(*place)->next_waiter)
            if (*place == request) {
                *place = request->next_waiter;
                break;
            }
        if (!taken) {
            say(&request->answer.body, "{\"events\":[],\"next\":\"");
            add(&request->answer.body, session->id, 8), say(&request->answer.body, ".");
            number(&request->answer.body, session->sequence), say(&request->answer.body, "\",\"more\":false}");
        }
        pthread_mutex_unlock(&session->lock);
        if (!taken)
            deliver(request);
    }
}

const char *date(struct loop *loop)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME_COARSE, &time);
    if (time.tv_sec != loop->date_second) {
        struct tm parts;
        loop->date_second = time.tv_sec;
        strftime(loop->date, sizeof loop->date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&time.tv_sec, &parts));
    }
    return loop->date;
}

// 2026-01-02T03:04:05.678Z
void timestamp(struct loop *loop, char *text)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    if (time.tv_sec != loop->clock_second) {
        struct tm parts;
        loop->clock_second = time.tv_sec;
        strftime(loop->clock_text, sizeof loop->clock_text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&time.tv_sec, &parts));
    }
    int milliseconds = (int)(time.tv_nsec / 1000000);
    memcpy(text, loop->clock_text, 19);
    memcpy(text + 19, (char[]) { '.', (char)('0' + milliseconds / 100), (char)('0' + milliseconds / 10 % 10),
        (char)('0' + milliseconds % 10), 'Z', 0 }, 6);
}

void random_text(struct loop *loop, char *text, size_t count)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t place = 0; place < count; place++) {
        if (loop->random_used == 0) {
            if (getrandom(loop->random, sizeof loop->random, 0) < 0)
                perror("getrandom");
            loop->random_used = sizeof loop->random;
        }
        text[place] = letters[loop->random[--loop->random_used] & 63];
    }
    text[count] = 0;
}

static void *run(void *context)
{
    struct loop *loop = context;
    struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(loop->epoll, events, 256, loop->first ? 1000 : -1);
        for (int place = 0; place < count; place++) {
            struct watched *watched = events[place].data.ptr;
            switch (watched->tag) {
            case TAG_LISTENER: accept_connections(loop, listener); break;
            case TAG_MAILBOX: empty_mailbox(loop); break;
            case TAG_SERVER: hear_server(watched->of); break;
            default: transport_ready(loop, watched, events[place].events);
            }
        }
        end_waits(loop);
        end_of_turn(loop);
    }
    return NULL;
}

void run_loops(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2 || (backend_port = atoi(argv[1])) == 0) {
        fprintf(stderr, "usage: %s PORT-OF-THE-SERVER [DAEMONS]\n", argv[0]);
        exit(64);
    }
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0) {
        perror("listen");
        exit(1);
    }
    getsockname(listener, (struct sockaddr *)&address, &length);
    loop_count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    loops = calloc((size_t)loop_count, sizeof *loops);
    for (int index = 0; index < loop_count; index++) {
        struct loop *loop = &loops[index];
        loop->epoll = epoll_create1(EPOLL_CLOEXEC);
        loop->mailbox_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        pthread_mutex_init(&loop->mailbox_lock, NULL);
        loop->listener.tag = TAG_LISTENER;
        loop->mail.tag = TAG_MAILBOX;
        start_transport(loop);
        watch(loop, listener, EPOLLIN | EPOLLEXCLUSIVE, &loop->listener);
        watch(loop, loop->mailbox_descriptor, EPOLLIN, &loop->mail);
    }
    printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (int index = 1; index < loop_count; index++)
        pthread_create(&loops[index].thread, NULL, run, &loops[index]);
    run(&loops[0]);
}
