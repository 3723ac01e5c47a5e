// What everybody here needs: the clock, sockets, bytes that are kept.
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
#include <time.h>
#include <unistd.h>

int epoll;

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
