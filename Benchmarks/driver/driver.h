// The load of the benchmark: an MSNP server and the clients of its accounts over HTTP, on one thread and one epoll.
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a place in the epoll is: the upper half of its number; the lower one is an index.
enum watched { LISTENER, SERVER_SIDE, CLIENT_SIDE, READER_SIDE, COMPONENT, INPUT };

enum client_state { IDLE, SIGNING_IN, SIGNED_IN, POLLING, SENDING };

// Bytes that came and are not yet a whole line or answer; empty and without memory nearly always.
struct rest {
    char *bytes;
    size_t count, room;
};

// One account: its connection from the server under test, and its client's connection to it.
struct session {
    int server_side, client_side;
    enum client_state state;
    // Of BOSH.
    bool away;
    // Changes of presence that its contacts have had.
    uint32_t changes;
    struct rest lines, answer;
    // Of BOSH: the stream's ID and the full JID.
    char id[64], token[128], cursor[48];
    // Of BOSH: the number of the next request, and how far the sign-in is.
    uint64_t rid;
    int step;
    bool is_present;
};

// What the benchmark is about; set once by the command line.
struct options {
    int sessions, contacts, port;
    int subjects[8], subject_count;
    bool bosh, sandbox;
    char key[96], host[64], secret[64], path[64];
    int component_port;
};

extern struct options options;
extern struct session *sessions;
extern int epoll;

// Nanoseconds of the monotonic clock.
int64_t now(void);
void watch(int descriptor, enum watched what, uint32_t index, uint32_t events);
// Writes all of it; what the socket doesn't take at once is an error of the benchmark.
void write_all(int descriptor, const char *bytes, size_t count);
void keep(struct rest *rest, const char *bytes, size_t count);
void drop(struct rest *rest);
_Noreturn void fail(const char *format, ...);
int connect_to(int port);

// backend.c
int listen_for_subject(void);
void accept_subject(void);
void hear_subject(uint32_t place);
// Says that another contact has come or gone; which one.
uint32_t say_presence(uint32_t index);

// client.c
void open_client(uint32_t index);
void sign_in(uint32_t index);
void poll_events(uint32_t index);
void hear_client(uint32_t index);
// Writes to the other one of its pair, again whenever the answer is there.
void send_message(uint32_t index);
extern uint64_t messages_sent, messages_heard;
// Asks again for the same, so many times.
void open_reader(uint32_t place, uint32_t index, const char *path, uint64_t times);
void hear_reader(uint32_t place);
void close_readers(void);
// Length of the answer that begins there, head and body; 0 when it is not all there.
size_t answer_length(const char *bytes, size_t count, const char **body, size_t *body_count);
extern uint64_t read_count, read_bytes;

// bosh.c
void bosh_step(uint32_t index, const char *body, size_t count);
void bosh_sign_in(uint32_t index);
void bosh_poll(uint32_t index);
void open_component(void);
void hear_component(void);
void bosh_say_presence(uint32_t index, uint32_t number);

// phases.c
bool turn(int64_t wait);
void run_until(int64_t time);
void run_sign_in(uint32_t count);
void run_park(void);
void run_events(double rate, int64_t milliseconds);
void run_count(size_t count);
void run_read_for(const char *path, uint32_t connections, int64_t milliseconds);
void run_read_times(const char *path, uint64_t times);
void run_messages(int64_t milliseconds);
// Each account that is in.
void signed_in(uint32_t index);
// Looks for the marks of events in an answer.
void note_events(const char *bytes, size_t count);

// measure.c
struct usage {
    int64_t subject, driver, switches, busy, wall;
};
// The share of the processors that neither the server under test nor the driver had.
double foreign(struct usage before, struct usage after);
struct usage usage(void);
void print_memory(void);
double centile(int64_t *sorted, size_t count, double part);
void sort(int64_t *values, size_t count);

#endif
