// What is measured: each phase does its work and prints its line.
#define _GNU_SOURCE
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

// As many as the gateway lets in at the same time.
#define SIGN_INS 64
// How long an event may be under way before it counts as lost, in nanoseconds.
#define PATIENCE 3000000000LL

static uint32_t begun, entered, parked;
static int64_t *due;
// The event that each contact of each account has brought last.
static size_t *said;
static int64_t *latencies;
static size_t most_events, heard;

void signed_in(uint32_t index)
{
    (void)index;
    entered++;
}

static void hear(size_t number, int64_t time)
{
    if (number >= most_events || due[number] == 0)
        return;
    latencies[heard++] = time - due[number];
    due[number] = 0;
}

// Over BOSH a mark is "zq" and the event's number in eight hexadecimal digits: what the contact says of itself.
static void note_statuses(const char *bytes, size_t count, int64_t time)
{
    const char *end = bytes + count, *at = bytes;
    while ((at = memmem(at, (size_t)(end - at), "zq", 2)) != NULL && end - at >= 10) {
        char digits[9] = { 0 }, *stop;
        memcpy(digits, at + 2, 8);
        unsigned long number = strtoul(digits, &stop, 16);
        at += 2;
        if (*stop == 0)
            hear(number, time);
    }
}

// Else it is the contact: "c", its place in two digits, "-" and the account in five.
void note_events(const char *bytes, size_t count)
{
    static const char host[] = "@messenger.test";
    const char *end = bytes + count;
    int64_t time = now();
    if (options.bosh)
        return note_statuses(bytes, count, time);
    for (const char *at = bytes; (at = memmem(at, (size_t)(end - at), host, sizeof host - 1)) != NULL; at++) {
        char name[10] = { 0 };
        unsigned place, index;
        if (at - bytes < 9)
            continue;
        memcpy(name, at - 9, 9);
        if (sscanf(name, "c%2u-%5u", &place, &index) != 2 || place >= (unsigned)options.contacts || index >= begun)
            continue;
        size_t slot = index * (size_t)options.contacts + place;
        hear(said[slot], time);
        said[slot] = SIZE_MAX;
    }
}

// Waits for what comes, at most so many nanoseconds, and takes it in.
bool turn(int64_t wait)
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

void run_until(int64_t time)
{
    for (int64_t left; (left = time - now()) > 0;)
        turn(left);
}

void run_sign_in(uint32_t count)
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
    printf("{\"signins\":%u,\"rate\":%.1f,\"us\":%.2f,\"driver_us\":%.2f,\"switches\":%.2f,\"foreign\":%.3f}\n", entered - first,
        (entered - first) * 1e9 / (double)(after.wall - before.wall), (double)(after.subject - before.subject) * each / 1e3,
        (double)(after.driver - before.driver) * each / 1e3, (double)(after.switches - before.switches) * each,
        foreign(before, after));
}

static void begin_events(size_t count)
{
    most_events = count;
    due = realloc(due, (count + 1) * sizeof *due);
    latencies = realloc(latencies, (count + 1) * sizeof *latencies);
    memset(due, 0, count * sizeof *due);
    size_t contacts = (size_t)options.sessions * (size_t)options.contacts;
    said = realloc(said, (contacts + 1) * sizeof *said);
    memset(said, 0xff, contacts * sizeof *said);
    heard = 0;
}

static void send_event(size_t number, int64_t time)
{
    // A sequence of its own, the same in each run: whose turn it is must not depend on the library.
    static uint64_t state = 88172645463325252ULL;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    due[number] = time;
    uint32_t index = (uint32_t)(state % entered);
    if (options.bosh)
        return bosh_say_presence(index, (uint32_t)number);
    said[index * (uint32_t)options.contacts + say_presence(index)] = number;
}

static void tell_events(const char *name, double rate, size_t sent, struct usage before, struct usage after, int64_t late)
{
    sort(latencies, heard);
    double each = heard > 0 ? 1.0 / (double)heard : 0;
    printf("{\"%s\":%.0f,\"sent\":%zu,\"heard\":%zu,\"us\":%.2f,\"driver_us\":%.2f,\"switches\":%.2f,\"seconds\":%.3f,"
           "\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f,\"late\":%.1f,\"foreign\":%.3f}\n",
        name, rate, sent, heard, (double)(after.subject - before.subject) * each / 1e3,
        (double)(after.driver - before.driver) * each / 1e3, (double)(after.switches - before.switches) * each,
        (double)(after.wall - before.wall) / 1e9, centile(latencies, heard, 0.5), centile(latencies, heard, 0.99),
        centile(latencies, heard, 0.999), centile(latencies, heard, 1), (double)late / 1e3, foreign(before, after));
}

void run_events(double rate, int64_t milliseconds)
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

void run_park(void)
{
    while (parked < entered)
        poll_events(parked++);
}

void run_count(size_t count)
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

static void tell_reads(const char *path, uint64_t count, uint64_t bytes, struct usage before, struct usage after)
{
    close_readers();
    double each = count > 0 ? 1.0 / (double)count : 0;
    printf("{\"read\":\"%s\",\"count\":%lu,\"rate\":%.0f,\"us\":%.2f,\"driver_us\":%.2f,\"bytes\":%.0f,\"foreign\":%.3f}\n", path, count,
        (double)count * 1e9 / (double)(after.wall - before.wall), (double)(after.subject - before.subject) * each / 1e3,
        (double)(after.driver - before.driver) * each / 1e3, (double)bytes * each, foreign(before, after));
}

void run_read_for(const char *path, uint32_t connections, int64_t milliseconds)
{
    for (uint32_t place = 0; place < connections; place++)
        open_reader(place, place % entered, path, UINT64_MAX);
    // What comes first, is made once.
    run_until(now() + 300000000);
    struct usage before = usage();
    uint64_t count = read_count, bytes = read_bytes;
    run_until(now() + milliseconds * 1000000);
    tell_reads(path, read_count - count, read_bytes - bytes, before, usage());
}

void run_read_times(const char *path, uint64_t times)
{
    uint64_t first = read_count, bytes = read_bytes;
    struct usage before = usage();
    open_reader(0, 0, path, times);
    while (read_count - first < times)
        turn(1000000000);
    tell_reads(path, times, read_bytes - bytes, before, usage());
}

void run_messages(int64_t milliseconds)
{
    for (uint32_t index = 0; index < entered; index++)
        (index < entered / 2 ? send_message : poll_events)(index);
    // Rooms are opened by then.
    run_until(now() + 1000000000);
    struct usage before = usage();
    uint64_t sent = messages_sent, heard = messages_heard;
    run_until(now() + milliseconds * 1000000);
    struct usage after = usage();
    sent = messages_sent - sent, heard = messages_heard - heard;
    double seconds = (double)(after.wall - before.wall) / 1e9;
    printf("{\"messages\":%lu,\"sent\":%lu,\"rate\":%.0f,\"us\":%.2f,\"driver_us\":%.2f}\n", heard, sent, (double)heard / seconds,
        (double)(after.subject - before.subject) / (double)heard / 1e3, (double)(after.driver - before.driver) / (double)heard / 1e3);
}
