#define _GNU_SOURCE
#include "curl_shim.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// The oldest version that has all that is used: CURLOPT_PREREQFUNCTION and CURLOPT_MAXLIFETIME_CONN came with 7.80.
static const unsigned int oldest = 0x075000;

static struct {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_version_info) version_info;
    __typeof__(&curl_easy_init) easy_init;
    __typeof__(&curl_easy_cleanup) easy_cleanup;
    __typeof__(&curl_easy_setopt) easy_setopt;
    __typeof__(&curl_easy_getinfo) easy_getinfo;
    __typeof__(&curl_easy_perform) easy_perform;
    __typeof__(&curl_slist_append) slist_append;
    __typeof__(&curl_slist_free_all) slist_free_all;
    __typeof__(&curl_multi_init) multi_init;
    __typeof__(&curl_multi_cleanup) multi_cleanup;
    __typeof__(&curl_multi_setopt) multi_setopt;
    __typeof__(&curl_multi_add_handle) multi_add_handle;
    __typeof__(&curl_multi_remove_handle) multi_remove_handle;
    __typeof__(&curl_multi_perform) multi_perform;
    __typeof__(&curl_multi_poll) multi_poll;
    __typeof__(&curl_multi_wakeup) multi_wakeup;
    __typeof__(&curl_multi_info_read) multi_info_read;
} curl;

static const struct {
    const char *name;
    void *place;
} symbols[] = {
    {"curl_global_init", &curl.global_init},
    {"curl_version_info", &curl.version_info},
    {"curl_easy_init", &curl.easy_init},
    {"curl_easy_cleanup", &curl.easy_cleanup},
    {"curl_easy_setopt", &curl.easy_setopt},
    {"curl_easy_getinfo", &curl.easy_getinfo},
    {"curl_easy_perform", &curl.easy_perform},
    {"curl_slist_append", &curl.slist_append},
    {"curl_slist_free_all", &curl.slist_free_all},
    {"curl_multi_init", &curl.multi_init},
    {"curl_multi_cleanup", &curl.multi_cleanup},
    {"curl_multi_setopt", &curl.multi_setopt},
    {"curl_multi_add_handle", &curl.multi_add_handle},
    {"curl_multi_remove_handle", &curl.multi_remove_handle},
    {"curl_multi_perform", &curl.multi_perform},
    {"curl_multi_poll", &curl.multi_poll},
    {"curl_multi_wakeup", &curl.multi_wakeup},
    {"curl_multi_info_read", &curl.multi_info_read},
};

const char *gw_curl_load(void)
{
    static int is_loaded;
    if (is_loaded)
        return NULL;
    // Never closed: what it registers with the process would be called after it has gone.
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return dlerror();
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol)
            return dlerror();
        memcpy(symbols[i].place, &symbol, sizeof symbol);
    }
    if (curl.version_info(CURLVERSION_NOW)->version_num < oldest)
        return "libcurl.so.4 is older than 7.80";
    if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return "libcurl.so.4 does not start";
    is_loaded = 1;
    return NULL;
}

const char *gw_curl_version(void) { return curl.version_info(CURLVERSION_NOW)->version; }

const char *gw_curl_authorities_file(void)
{
    const curl_version_info_data *info = curl.version_info(CURLVERSION_NOW);
    return info->capath ? NULL : info->cainfo;
}

CURL *gw_curl_easy_init(void) { return curl.easy_init(); }
void gw_curl_easy_cleanup(CURL *easy) { curl.easy_cleanup(easy); }

CURLcode gw_curl_set_number(CURL *easy, CURLoption option, long value)
{
    return curl.easy_setopt(easy, option, value);
}

CURLcode gw_curl_set_size(CURL *easy, CURLoption option, int64_t value)
{
    return curl.easy_setopt(easy, option, (curl_off_t)value);
}

CURLcode gw_curl_set_text(CURL *easy, CURLoption option, const char *value)
{
    return curl.easy_setopt(easy, option, value);
}

CURLcode gw_curl_set_bytes(CURL *easy, CURLoption option, const uint8_t *bytes, size_t count)
{
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl.easy_setopt(easy, option, &blob);
}

CURLcode gw_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value)
{
    return curl.easy_setopt(easy, option, value);
}

CURLcode gw_curl_set_callbacks(CURL *easy, const struct gw_curl_callbacks *callbacks)
{
    const struct {
        CURLoption option;
        void *context;
    } contexts[] = {
        {CURLOPT_READDATA, callbacks->context},       {CURLOPT_SEEKDATA, callbacks->context},
        {CURLOPT_WRITEDATA, callbacks->context},      {CURLOPT_HEADERDATA, callbacks->context},
        {CURLOPT_OPENSOCKETDATA, callbacks->context}, {CURLOPT_PREREQDATA, callbacks->context},
    };
    CURLcode result = CURLE_OK;
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts && result == CURLE_OK; i++)
        result = curl.easy_setopt(easy, contexts[i].option, contexts[i].context);
    if (result == CURLE_OK) result = curl.easy_setopt(easy, CURLOPT_READFUNCTION, callbacks->read);
    if (result == CURLE_OK) result = curl.easy_setopt(easy, CURLOPT_SEEKFUNCTION, callbacks->seek);
    if (result == CURLE_OK) result = curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, callbacks->write);
    if (result == CURLE_OK) result = curl.easy_setopt(easy, CURLOPT_HEADERFUNCTION, callbacks->header);
    if (result == CURLE_OK) result = curl.easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callbacks->open_socket);
    if (result == CURLE_OK) result = curl.easy_setopt(easy, CURLOPT_PREREQFUNCTION, callbacks->prerequisite);
    return result;
}

long gw_curl_proxy_status(CURL *easy)
{
    long status = 0;
    return curl.easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK ? status : 0;
}

CURLcode gw_curl_easy_perform(CURL *easy) { return curl.easy_perform(easy); }

long gw_curl_verify_result(CURL *easy)
{
    long result = 0;
    return curl.easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result) == CURLE_OK ? result : 0;
}

const char *gw_curl_certificate(CURL *easy, const char *name)
{
    const struct curl_certinfo *chain = NULL;
    if (curl.easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain || chain->num_of_certs < 1)
        return NULL;
    size_t length = strlen(name);
    for (const struct curl_slist *line = chain->certinfo[0]; line; line = line->next)
        if (!strncmp(line->data, name, length) && line->data[length] == ':')
            return line->data + length + 1;
    return NULL;
}

struct curl_slist *gw_curl_list_append(struct curl_slist *list, const char *text)
{
    return curl.slist_append(list, text);
}

void gw_curl_list_free(struct curl_slist *list) { curl.slist_free_all(list); }

CURLM *gw_curl_multi_init(void) { return curl.multi_init(); }
void gw_curl_multi_cleanup(CURLM *multi) { curl.multi_cleanup(multi); }

CURLMcode gw_curl_multi_set_number(CURLM *multi, CURLMoption option, long value)
{
    return curl.multi_setopt(multi, option, value);
}

CURLMcode gw_curl_multi_add(CURLM *multi, CURL *easy) { return curl.multi_add_handle(multi, easy); }
CURLMcode gw_curl_multi_remove(CURLM *multi, CURL *easy) { return curl.multi_remove_handle(multi, easy); }

CURLMcode gw_curl_multi_perform(CURLM *multi)
{
    int running = 0;
    return curl.multi_perform(multi, &running);
}

CURLMcode gw_curl_multi_poll(CURLM *multi, int milliseconds)
{
    return curl.multi_poll(multi, NULL, 0, milliseconds, NULL);
}

CURLMcode gw_curl_multi_wakeup(CURLM *multi) { return curl.multi_wakeup(multi); }

CURL *gw_curl_multi_finished(CURLM *multi, CURLcode *result)
{
    int left = 0;
    CURLMsg *message;
    while ((message = curl.multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

size_t gw_curl_address(const struct curl_sockaddr *address, uint8_t *bytes)
{
    if (address->family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)&address->addr)->sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6) {
        memcpy(bytes, &((const struct sockaddr_in6 *)&address->addr)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

curl_socket_t gw_curl_open_socket(const struct curl_sockaddr *address)
{
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
