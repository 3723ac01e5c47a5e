#ifndef MSNP_GATEWAY_CMICROHTTPD_H
#define MSNP_GATEWAY_CMICROHTTPD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <microhttpd.h>

// MHD_start_daemon is variadic, so Swift cannot call it. MHD_ALLOW_SUSPEND_RESUME and MHD_USE_NO_LISTEN_SOCKET imply
// MHD_USE_ITC, which is ignored with external polling: no descriptor is made for it.
static inline struct MHD_Daemon *gw_start_daemon(
    MHD_AccessHandlerCallback access,
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection),
    MHD_RequestCompletedCallback completed,
    MHD_NotifyConnectionCallback connection,
    void *context,
    unsigned int idle_timeout,
    unsigned int connection_limit,
    size_t connection_memory)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, access, context,
        MHD_OPTION_URI_LOG_CALLBACK, target, context,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connection, context,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_timeout,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        // Of digest authentication, which nobody uses: a daemon takes 0.8 kB instead of 1.4, and there are hundreds. A library that was
        // built without it knows no such option.
        MHD_is_feature_supported(MHD_FEATURE_DIGEST_AUTH) == MHD_YES ? MHD_OPTION_NONCE_NC_SIZE : MHD_OPTION_END, 0u,
        MHD_OPTION_END);
}

// MHD_get_daemon_info and MHD_get_connection_info are variadic too.
static inline int gw_epoll_descriptor(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

static inline int gw_connection_descriptor(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline void *gw_connection_context(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

// Suspended, or about to be resumed by the daemon's next run.
static inline int gw_is_suspended(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);
    return info ? info->suspended == MHD_YES : 0;
}

static inline const struct sockaddr *gw_client_address(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

// MHD_set_connection_option is variadic too. Seconds without a byte after which the connection is closed.
static inline enum MHD_Result gw_set_idle_timeout(struct MHD_Connection *connection, unsigned int seconds)
{
    return MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

// MHD_set_response_options is variadic too. No chunks: the end of the body is the end of the connection.
static inline enum MHD_Result gw_forbid_chunks(struct MHD_Response *response)
{
    return MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

// Macros with casts, which Swift does not import.
static const uint64_t gw_size_unknown = MHD_SIZE_UNKNOWN;
static const ssize_t gw_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t gw_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;

// Bytes from the method to the end of the empty line.
static inline size_t gw_head_size(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

#endif
