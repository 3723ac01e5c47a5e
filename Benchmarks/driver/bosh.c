// The same for servers of XMPP: accounts sign in over BOSH (XEP-0124, XEP-0206), anonymously (RFC 6120, 6), and a component
// (XEP-0114) is who comes and goes.
#define _GNU_SOURCE
#include "driver.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define NAMESPACES "xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'"

static int component;

static void post(uint32_t index, const char *attributes, const char *stanza)
{
    char body[1024], request[1536];
    struct session *session = &sessions[index];
    int length = snprintf(body, sizeof body, "<body rid='%lu' %s%s%s %s " NAMESPACES ">%s</body>", session->rid++,
        session->id[0] ? "sid='" : "", session->id, session->id[0] ? "'" : "", attributes, stanza);
    int count = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", options.path,
        options.host, length, body);
    write_all(session->client_side, request, (size_t)count);
}

// What stands between two marks of an answer.
static void take(char *text, size_t room, const char *body, size_t count, const char *mark, const char *stops)
{
    const char *at = memmem(body, count, mark, strlen(mark));
    if (!at)
        fail("no %s in %.*s", mark, (int)count, body);
    at += strlen(mark);
    size_t length = 0;
    while (at + length < body + count && !strchr(stops, at[length]))
        length++;
    if (length >= room)
        fail("too long: %s in %.*s", mark, (int)count, body);
    memcpy(text, at, length);
    text[length] = 0;
}

static bool says(const char *body, size_t count, const char *mark)
{
    return memmem(body, count, mark, strlen(mark)) != NULL;
}

void bosh_sign_in(uint32_t index)
{
    char attributes[256];
    struct session *session = &sessions[index];
    session->state = SIGNING_IN;
    session->rid = 1000000 + index * 1000000UL;
    snprintf(attributes, sizeof attributes, "to='%s' ver='1.6' wait='50' hold='1' xml:lang='en' xmpp:version='1.0'",
        options.host);
    post(index, attributes, "");
}

void bosh_poll(uint32_t index)
{
    struct session *session = &sessions[index];
    session->state = POLLING;
    // Whoever waits for the first time is there from then on; a server may answer that with their own presence, or not at all.
    post(index, "", session->is_present ? "" : "<presence xmlns='jabber:client'/>");
    session->is_present = true;
}

// An answer may be empty, or not yet have what is waited for: then it is asked for again.
static void enter_step(uint32_t index, const char *body, size_t count)
{
    struct session *session = &sessions[index];
    char attributes[128];
    switch (session->step) {
    case 0:
        // Quotation marks as the server likes them.
        if (says(body, count, " sid='"))
            take(session->id, sizeof session->id, body, count, " sid='", "'");
        else
            take(session->id, sizeof session->id, body, count, " sid=\"", "\"");
        post(index, "", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
        break;
    case 1:
        if (!says(body, count, "<success"))
            return post(index, "", "");
        snprintf(attributes, sizeof attributes, "to='%s' xmpp:restart='true'", options.host);
        post(index, attributes, "");
        break;
    case 2:
        post(index, "", "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        break;
    case 3:
        if (!says(body, count, "<jid>"))
            return post(index, "", "");
        take(session->token, sizeof session->token, body, count, "<jid>", "<");
        session->state = SIGNED_IN;
        signed_in(index);
    }
    session->step++;
}

void bosh_step(uint32_t index, const char *body, size_t count)
{
    struct session *session = &sessions[index];
    if (says(body, count, "terminate") || says(body, count, "type='error'") || says(body, count, "type=\"error\""))
        fail("%.*s", (int)count, body);
    if (session->state == SIGNING_IN)
        return enter_step(index, body, count);
    if (session->state != POLLING)
        return;
    bosh_poll(index);
    note_events(body, count);
}

static size_t component_reads(char *bytes, size_t room)
{
    ssize_t got;
    while ((got = read(component, bytes, room - 1)) < 0 && errno == EAGAIN)
        usleep(1000);
    if (got <= 0)
        fail("the server has closed the component's stream");
    bytes[got] = 0;
    return (size_t)got;
}

void open_component(void)
{
    char text[1024], bytes[4096], id[256], digest[2 * EVP_MAX_MD_SIZE + 1];
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned length;
    component = connect_to(options.component_port);
    int count = snprintf(text, sizeof text,
        "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' "
        "to='contacts.%s'>", options.host);
    write_all(component, text, (size_t)count);
    size_t got = 0;
    do
        got += component_reads(bytes + got, sizeof bytes - got);
    while (!says(bytes, got, " id=") || bytes[got - 1] != '>');
    const char *mark = says(bytes, got, " id='") ? " id='" : " id=\"";
    take(id, sizeof id, bytes, got, mark, "'\"");
    count = snprintf(text, sizeof text, "%s%s", id, options.secret);
    EVP_Digest(text, (size_t)count, raw, &length, EVP_sha1(), NULL);
    for (unsigned place = 0; place < length; place++)
        sprintf(digest + 2 * place, "%02x", raw[place]);
    count = snprintf(text, sizeof text, "<handshake>%s</handshake>", digest);
    write_all(component, text, (size_t)count);
    got = component_reads(bytes, sizeof bytes);
    if (!says(bytes, got, "<handshake"))
        fail("no handshake: %s", bytes);
    watch(component, COMPONENT, 0, EPOLLIN);
}

// Presence and errors that come back mean nothing here.
void hear_component(void)
{
    char bytes[65536];
    component_reads(bytes, sizeof bytes);
}

void bosh_say_presence(uint32_t index, uint32_t number)
{
    char text[400];
    struct session *session = &sessions[index];
    session->away = !session->away;
    int count = snprintf(text, sizeof text,
        "<presence from='c00-%05u@contacts.%s' to='%s'>%s<status>zq%08x</status></presence>", index, options.host,
        session->token, session->away ? "<show>away</show>" : "", number);
    write_all(component, text, (size_t)count);
}
