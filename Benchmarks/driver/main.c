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
//   reads PATH NUMBER               reads one after the other
//   sandbox                         accounts are the sandbox's from now on
//   messages MILLISECONDS           the first half of the accounts write to the second as fast as they may
//   bosh HOST PATH SECRET PORT      the server under test speaks XMPP; its component listens there
#define _GNU_SOURCE
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct options options;
struct session *sessions;

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
    else if (sscanf(line, "bosh %63s %63s %63s %d", options.host, options.path, options.secret, &options.component_port) == 4) {
        options.bosh = true;
        open_component();
    } else if (sscanf(line, "signin %u", &count) == 1)
        return run_sign_in(count);
    else if (strncmp(line, "park", 4) == 0)
        run_park();
    else if (sscanf(line, "settle %ld", &milliseconds) == 1)
        run_until(now() + milliseconds * 1000000);
    else if (strncmp(line, "memory", 6) == 0)
        return print_memory();
    else if (sscanf(line, "events %lf %ld", &rate, &milliseconds) == 2)
        return run_events(rate, milliseconds);
    else if (sscanf(line, "read %199s %u %ld", path, &count, &milliseconds) == 3)
        return run_read_for(strcmp(path, "-") == 0 ? "" : path, count, milliseconds);
    else if (sscanf(line, "reads %199s %u", path, &count) == 2)
        return run_read_times(strcmp(path, "-") == 0 ? "" : path, count);
    else if (sscanf(line, "messages %ld", &milliseconds) == 1)
        return run_messages(milliseconds);
    else if (strncmp(line, "sandbox", 7) == 0)
        options.sandbox = true;
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
