#ifndef MSNP_GATEWAY_CCURL_H
#define MSNP_GATEWAY_CCURL_H

#include <stddef.h>
#include <stdint.h>

// Variadic functions, which Swift can't call, are called here, with the types that they want. What later versions call
// deprecated is there in all of them, and what replaces it is not.
#define CURL_DISABLE_DEPRECATION
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// The library is not linked: gw_curl_load opens it when there is a first use for it. Nothing else here may be called before
// that has succeeded, and no function of curl.h at all. NULL, or why it can't be had; from one thread at a time.
const char *gw_curl_load(void);

// As 7.88.1.
const char *gw_curl_version(void);
// The file of the authorities that the library trusts by itself; NULL where it has a directory of them, or none.
const char *gw_curl_authorities_file(void);

// What the library calls for one transfer, each with `context`.
struct gw_curl_callbacks {
    void *context;
    curl_read_callback read;
    curl_seek_callback seek;
    curl_write_callback write;
    curl_write_callback header;
    curl_opensocket_callback open_socket;
    curl_prereq_callback prerequisite;
};

CURL *gw_curl_easy_init(void);
void gw_curl_easy_cleanup(CURL *easy);
CURLcode gw_curl_set_number(CURL *easy, CURLoption option, long value);
CURLcode gw_curl_set_size(CURL *easy, CURLoption option, int64_t value);
CURLcode gw_curl_set_text(CURL *easy, CURLoption option, const char *value);
// Copies so many bytes.
CURLcode gw_curl_set_bytes(CURL *easy, CURLoption option, const uint8_t *bytes, size_t count);
CURLcode gw_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode gw_curl_set_callbacks(CURL *easy, const struct gw_curl_callbacks *callbacks);
// Makes the whole transfer, on the caller's thread.
CURLcode gw_curl_easy_perform(CURL *easy);
// What OpenSSL said of the certificate (X509_V_…), 0 where nothing is wrong with it.
long gw_curl_verify_result(CURL *easy);
// What the server's own certificate has under a name such as `Expire date`, with CURLOPT_CERTINFO; NULL where it has none. It is
// the library's until the handle is used again.
const char *gw_curl_certificate(CURL *easy, const char *name);
// What a proxy last answered to a CONNECT of this transfer, 0 where it was not asked or has not answered.
long gw_curl_proxy_status(CURL *easy);

struct curl_slist *gw_curl_list_append(struct curl_slist *list, const char *text);
void gw_curl_list_free(struct curl_slist *list);

CURLM *gw_curl_multi_init(void);
void gw_curl_multi_cleanup(CURLM *multi);
CURLMcode gw_curl_multi_set_number(CURLM *multi, CURLMoption option, long value);
CURLMcode gw_curl_multi_add(CURLM *multi, CURL *easy);
CURLMcode gw_curl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode gw_curl_multi_perform(CURLM *multi);
CURLMcode gw_curl_multi_poll(CURLM *multi, int milliseconds);
// The one call that any thread may make, while nobody cleans up.
CURLMcode gw_curl_multi_wakeup(CURLM *multi);
// One that is over, and how; NULL when there is none.
CURL *gw_curl_multi_finished(CURLM *multi, CURLcode *result);

// Writes the 4 or 16 bytes of an address and says how many; 0 for another family.
size_t gw_curl_address(const struct curl_sockaddr *address, uint8_t *bytes);
// The socket that the library asks for, which no program that is started later has; CURL_SOCKET_BAD where there is none.
curl_socket_t gw_curl_open_socket(const struct curl_sockaddr *address);

// Macros with casts, which Swift does not import.
static const curl_socket_t gw_curl_no_socket = CURL_SOCKET_BAD;
static const long gw_curl_web_protocols = CURLPROTO_HTTP | CURLPROTO_HTTPS;

#endif
