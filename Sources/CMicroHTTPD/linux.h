#ifndef MSNP_GATEWAY_LINUX_H
#define MSNP_GATEWAY_LINUX_H

// What the event loop needs of Linux and Swift's Glibc module does not show. Written out rather than had by _GNU_SOURCE,
// which would have to be set before the first header of the whole module graph.

#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pthread_setname_np(pthread_t, const char *);

// Constants that are enum cases in glibc, with the types of the calls that take them.
static const uint32_t gw_readable = EPOLLIN;
// The peer has closed, or its sending half; errors and hang-ups are reported unasked. Once: it is noted then.
static const uint32_t gw_peer_leaving = EPOLLRDHUP | EPOLLONESHOT;
// One of the loops that watch a descriptor is woken, not all.
static const uint32_t gw_readable_exclusively = EPOLLIN | EPOLLEXCLUSIVE;
static const int gw_epoll_flags = EPOLL_CLOEXEC;
static const int gw_eventfd_flags = EFD_CLOEXEC | EFD_NONBLOCK;
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

#endif
