#ifndef MSNP_GATEWAY_LINUX_H
#define MSNP_GATEWAY_LINUX_H

// What the event loop, and who looks at disks, need of Linux and Swift's Glibc module does not show. Written out rather than had by _GNU_SOURCE,
// which would have to be set before the first header of the whole module graph.

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/vfs.h>
#include <time.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pthread_setname_np(pthread_t, const char *);

// Constants that are enum cases in glibc, with the types of the calls that take them.
static const uint32_t gw_readable = EPOLLIN;
static const uint32_t gw_writable = EPOLLOUT;
// Reported whether they are asked for or not.
static const uint32_t gw_failed = EPOLLERR | EPOLLHUP;
// The peer has closed, or its sending half; errors and hang-ups are reported unasked. Once: it is noted then.
static const uint32_t gw_peer_leaving = EPOLLRDHUP | EPOLLONESHOT;
// One of the loops that watch a descriptor is woken, not all.
static const uint32_t gw_readable_exclusively = EPOLLIN | EPOLLEXCLUSIVE;
static const int gw_epoll_flags = EPOLL_CLOEXEC;
static const int gw_eventfd_flags = EFD_CLOEXEC | EFD_NONBLOCK;
static const int gw_alarm_flags = TFD_CLOEXEC | TFD_NONBLOCK;
static const int gw_alarm_is_absolute = TFD_TIMER_ABSTIME;
static const int gw_monotonic_clock = CLOCK_BOOTTIME;
static const int gw_socket_flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

// The 16 bytes of an IPv6 address, or of an IPv4 one mapped into IPv6; 0 for any other.
static inline int gw_address_bytes(const struct sockaddr *address, uint8_t *bytes)
{
    if (address->sa_family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
        return 1;
    }
    if (address->sa_family != AF_INET)
        return 0;
    memset(bytes, 0, 10);
    memset(bytes + 10, 0xff, 2);
    memcpy(bytes + 12, &((const struct sockaddr_in *)address)->sin_addr, 4);
    return 1;
}

// Has the heap of the calling thread grow by so many bytes at once, where they are not there. Left to itself it grows by the page
// or two that an allocation lacks, each time by a call of the kernel: glibc's M_TOP_PAD is for the first thread alone.
static inline void gw_grow_heap(size_t bytes)
{
    // Volatile, or the compiler would see that nothing comes of it.
    void *volatile room = malloc(bytes);
    free(room);
}

#endif
