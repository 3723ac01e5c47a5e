// Reads commands from standard input, carries them out, and prints one line of JSON for each.
//
//   driver SESSIONS CONTACTS        prints the port of its MSNP server first
//   subject PORT KEY PID...         whom to call, with which key, and whose processor time is meant
//   signin COUNT                    as many more, 64 at a time
//   park                            all that are signed in poll from now on
//   settle MILLISECONDS             lets it be quiet
//   memory
//   events RATE MILLISECONDS        by a schedule, whatever comes back
//   read PATH CONNECTIONS MILLISECONDS   as fast as answers come; PATH stands behind /v1/sessions/ID
//   count NUMBER                    events one after the other, the next when the last was heard
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// As many as the gateway lets in at the same time.
#define SIGN_INS 64
// How long an event may be under way before it counts as lost, in nanoseconds.
#define PATIENCE 3000000000LL

struct options options;
struct session *sessions;
int epoll;

static uint32_t begun, entered, parked_from;
static int64_t *due;
static int64_t *latencies;
static size_t most_events, heard;

int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("driver: ", stderr);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, " (%s)\n", strerror(errno));
    exit(1);
}

void watch(int descriptor, enum watched what, uint32_t index, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.u64 = (uint64_t)what << 32 | index };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        fail("epoll_ctl");
}

void write_all(int descriptor, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EAGAIN) {
            usleep(100);
            continue;
        }
        if (written < 0)
            fail("write");
        bytes += written;
        count -= (size_t)written;
    }
}

void keep(struct rest *rest, const char *bytes, size_t count)
{
    if (rest->count + count > rest->room) {
        rest->room = rest->count + count + 4096;
        rest->bytes = realloc(rest->bytes, rest->room);
    }
    memcpy(rest->bytes + rest->count, bytes, count);
    rest->count += count;
}

void drop(struct rest *rest)
{
    free(rest->bytes);
    *rest = (struct rest) { 0 };
}

int connect_to(int port)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
    };
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return descriptor;
}

void signed_in(uint32_t index)
{
    (void)index;
    entered++;
}

// A mark is "zq" and the event's number in eight hexadecimal digits: the name that the contact has from now on.
void note_events(const char *bytes, size_t count)
{
    const char *end = bytes + count, *at = bytes;
    int64_t time = now();
    while ((at = memmem(at, (size_t)(end - at), "zq", 2)) != NULL && end - at >= 10) {
        char digits[9] = { 0 }, *stop;
        memcpy(digits, at + 2, 8);
        unsigned long number = strtoul(digits, &stop, 16);
        at += 2;
        if (*stop == 0 && number < most_events && due[number] > 0) {
            latencies[heard++] = time - due[number];
            due[number] = 0;
        }
    }
}

// Waits for what comes, at most so many nanoseconds, and takes it in.
static bool turn(int64_t wait)
{
    static struct epoll_event events[512];
    struct timespec time = { wait / 1000000000, wait % 1000000000 };
    int count = epoll_pwait2(epoll, events, 512, &time, NULL);
    bool input = false;
    for (int place = 0; place < count; place++) {
        uint32_t index = (uint32_t)events[place].data.u64;
        switch ((enum watched)(events[place].data.u64 >> 32)) {
        case LISTENER: accept_subject(); break;
        case SERVER_SIDE: hear_subject(index); break;
        case CLIENT_SIDE: hear_client(index); break;
        case READER_SIDE: hear_reader(index); break;
        case COMPONENT: hear_component(); break;
        case INPUT: input = true; break;
        }
    }
    return input;
}

static void run_until(int64_t time)
{
    for (int64_t left; (left = time - now()) > 0;)
        turn(left);
}

static void run_sign_in(uint32_t count)
{
    struct usage before = usage();
    uint32_t first = entered, last = begun + count;
    while (entered < last) {
        while (begun < last && begun - entered < SIGN_INS) {
            open_client(begun);
            sign_in(begun++);
        }
        int64_t began = now();
        turn(20000000000LL);
        if (now() - began > 19000000000LL)
            fail("no sign-in for 20 s; %u of %u are in", entered, last);
    }
    struct usage after = usage();
    double each = 1.0 / (entered - first);
    printf("{\"signins\":%u,\"rate\":%.1f,\"us\":%.2f,\"driver_us\":%.2f,\"switches\":%.2f}\n", entered - first,
        (entered - first) * 1e9 / (double)(after.wall - before.wall), (double)(after.subject - before.subject) * each / 1e3,
        (double)(after.driver - before.driver) * each / 1e3, (double)(after.switches - before.switches) * each);
}

static void begin_events(size_t count)
{
    most_events = count;
    due = realloc(due, (count + 1) * sizeof *due);
    latencies = realloc(latencies, (count + 1) * sizeof *latencies);
    memset(due, 0, count * sizeof *due);
    heard = 0;
}

static void send_event(size_t number, int64_t time)
{
    // A sequence of its own, the same in each run: whose turn it is must not depend on the library.
    static uint64_t state = 88172645463325252ULL;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    due[number] = time;
    uint32_t index = (uint32_t)(state % entered);
    (options.bosh ? bosh_say_presence : say_presence)(index, (uint32_t)number);
}

static void tell_events(const char *name, double rate, size_t sent, struct usage before, struct usage after, int64_t late)
{
    sort(latencies, heard);
    double each = heard > 0 ? 1.0 / (double)heard : 0;
    printf("{\"%s\":%.0f,\"sent\":%zu,\"heard\":%zu,\"us\":%.2f,\"driver_us\":%.2f,\"switches\":%.2f,\"seconds\":%.3f,"
           "\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f,\"late\":%.1f}\n",
        name, rate, sent, heard, (double)(after.subject - before.subject) * each / 1e3,
        (double)(after.driver - before.driver) * each / 1e3, (double)(after.switches - before.switches) * each,
        (double)(after.wall - before.wall) / 1e9, centile(latencies, heard, 0.5), centile(latencies, heard, 0.99),
        centile(latencies, heard, 0.999), centile(latencies, heard, 1), (double)late / 1e3);
}

static void run_events(double rate, int64_t milliseconds)
{
    size_t count = (size_t)(rate * (double)milliseconds / 1e3), sent = 0;
    begin_events(count);
    struct usage before = usage();
    int64_t began = now(), latest = 0;
    while (sent < count) {
        int64_t time = now(), at;
        // Sockets are looked at between bursts, or a driver that is late would never hear anything.
        for (int burst = 0; burst < 64 && sent < count && (at = began + (int64_t)((double)sent * 1e9 / rate)) <= time; burst++) {
            if (time - at > latest)
                latest = time - at;
            send_event(sent++, at);
        }
        at = began + (int64_t)((double)sent * 1e9 / rate) - now();
        turn(at > 0 ? at : 0);
    }
    int64_t end = now() + PATIENCE;
    while (heard < sent && now() < end)
        turn(10000000);
    tell_events("events", rate, sent, before, usage(), latest);
}

static void run_count(size_t count)
{
    begin_events(count);
    struct usage before = usage();
    for (size_t sent = 0; sent < count;) {
        send_event(sent, now());
        sent++;
        int64_t end = now() + PATIENCE;
        while (heard < sent && now() < end)
            turn(10000000);
        if (heard < sent)
            fail("event %zu was never heard", sent);
    }
    tell_events("count", 0, count, before, usage(), 0);
}

static void run_reads(const char *path, uint32_t connections, int64_t milliseconds)
{
    for (uint32_t place = 0; place < connections; place++)
        open_reader(place, place % entered, path);
    run_until(now() + 300000000);
    struct usage before = usage();
    uint64_t count = read_count, bytes = read_bytes;
    run_until(now() + milliseconds * 1000000);
    struct usage after = usage();
    count = read_count - count;
    bytes = read_bytes - bytes;
    close_readers();
    double each = count > 0 ? 1.0 / (double)count : 0;
    printf("{\"read\":\"%s\",\"count\":%lu,\"rate\":%.0f,\"us\":%.2f,\"driver_us\":%.2f,\"bytes\":%.0f}\n", path, count,
        (double)count * 1e9 / (double)(after.wall - before.wall), (double)(after.subject - before.subject) * each / 1e3,
        (double)(after.driver - before.driver) * each / 1e3, (double)bytes * each);
}

static void set_subject(char *words)
{
    char *mark = NULL, *word = strtok_r(words, " \n", &mark);
    options.port = atoi(word);
    snprintf(options.key, sizeof options.key, "%s", strtok_r(NULL, " \n", &mark));
    for (options.subject_count = 0; (word = strtok_r(NULL, " \n", &mark)) != NULL && options.subject_count < 8;)
        options.subjects[options.subject_count++] = atoi(word);
}

static void obey(char *line)
{
    double rate;
    long milliseconds;
    unsigned count;
    char path[200];
    if (strncmp(line, "subject ", 8) == 0)
        set_subject(line + 8);
    else if (sscanf(line, "bosh %63s %63s %d", options.host, options.secret, &options.component_port) == 3) {
        options.bosh = true;
        open_component();
    } else if (sscanf(line, "signin %u", &count) == 1)
        return run_sign_in(count);
    else if (strncmp(line, "park", 4) == 0) {
        for (; parked_from < entered; parked_from++)
            poll_events(parked_from);
    } else if (sscanf(line, "settle %ld", &milliseconds) == 1)
        run_until(now() + milliseconds * 1000000);
    else if (strncmp(line, "memory", 6) == 0)
        return print_memory();
    else if (sscanf(line, "events %lf %ld", &rate, &milliseconds) == 2)
        return run_events(rate, milliseconds);
    else if (sscanf(line, "read %199s %u %ld", path, &count, &milliseconds) == 3)
        return run_reads(strcmp(path, "-") == 0 ? "" : path, count, milliseconds);
    else if (sscanf(line, "count %u", &count) == 1)
        return run_count(count);
    else
        fail("what is %s", line);
    puts("{}");
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    // Otherwise the kernel may let 50 µs pass beyond each deadline.
    prctl(PR_SET_TIMERSLACK, 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc != 3)
        fail("usage: driver SESSIONS CONTACTS");
    options.sessions = atoi(argv[1]);
    options.contacts = atoi(argv[2]);
    sessions = calloc((size_t)options.sessions, sizeof *sessions);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    printf("%d\n", listen_for_subject());
    watch(0, INPUT, 0, EPOLLIN);
    for (;;) {
        char line[512];
        size_t count = 0;
        while (!turn(1000000000)) { }
        // A command is one line, and whoever gives it waits for the answer.
        for (ssize_t got; count < sizeof line - 1 && (got = read(0, line + count, 1)) == 1;)
            if (line[count++] == '\n')
                break;
        if (count == 0)
            return 0;
        line[count] = 0;
        obey(line);
    }
}
