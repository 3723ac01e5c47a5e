// The gateway's words.
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void add(struct text *text, const char *bytes, size_t count)
{
    if (text->count + count + 1 > text->room) {
        text->room = (text->count + count + 1) * 2;
        text->bytes = realloc(text->bytes, text->room);
    }
    memcpy(text->bytes + text->count, bytes, count);
    text->count += count;
    text->bytes[text->count] = 0;
}

void say(struct text *text, const char *string)
{
    add(text, string, strlen(string));
}

void number(struct text *text, uint64_t value)
{
    char digits[24];
    size_t place = sizeof digits;
    do
        digits[--place] = (char)('0' + value % 10);
    while (value /= 10);
    add(text, digits + place, sizeof digits - place);
}

// A string with what JSON wants escaped.
static void quoted(struct text *text, const char *string)
{
    say(text, "\"");
    for (const char *start = string;; string++) {
        unsigned char byte = (unsigned char)*string;
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        add(text, start, (size_t)(string - start));
        if (byte == 0)
            break;
        char escape[8];
        snprintf(escape, sizeof escape, byte < 0x20 ? "\\u%04x" : "\\%c", byte);
        say(text, escape);
        start = string + 1;
    }
    say(text, "\"");
}

static void cursor(struct text *text, const struct session *session)
{
    say(text, "\"");
    add(text, session->id, 8);
    say(text, ".");
    number(text, session->sequence);
    say(text, "\"");
}

void json_session(struct text *text, const struct session *session)
{
    say(text, "{\"account\":"), quoted(text, session->account);
    say(text, ",\"backend\":\"bench\",\"createdAt\":\""), say(text, session->created);
    say(text, "\",\"cursor\":"), cursor(text, session);
    say(text, ",\"displayName\":\"Somebody\",\"id\":\""), say(text, session->id);
    say(text, "\",\"lastReceivedAt\":\""), say(text, session->heard);
    say(text, "\",\"protocol\":\"MSNP6\",\"state\":\"online\",\"status\":\""), say(text, session->status);
    say(text, "\",\"verified\":true}");
}

void json_contacts(struct text *text, const struct session *session)
{
    static const char *const lists[] = { "\"forward\"", "\"allow\"", "\"block\"", "\"reverse\"" };
    say(text, "[");
    for (size_t place = 0; place < session->contact_count; place++) {
        const struct contact *contact = &session->contacts[place];
        say(text, place > 0 ? ",{\"account\":" : "{\"account\":"), quoted(text, contact->account);
        say(text, contact->listed[2] ? ",\"blocked\":true,\"displayName\":" : ",\"blocked\":false,\"displayName\":");
        quoted(text, contact->name);
        say(text, ",\"lists\":[");
        bool any = false;
        for (int list = 0; list < 4; list++)
            if (contact->listed[list]) {
                if (any)
                    say(text, ",");
                say(text, lists[list]);
                any = true;
            }
        bool pending = contact->listed[3] && !contact->listed[1] && !contact->listed[2];
        say(text, pending ? "],\"pending\":true,\"phones\":{},\"status\":\"" : "],\"pending\":false,\"phones\":{},\"status\":\"");
        say(text, contact->status), say(text, "\"}");
    }
    say(text, "]");
}

void json_snapshot(struct text *text, const struct session *session)
{
    say(text, "{\"contacts\":"), json_contacts(text, session);
    say(text, ",\"conversations\":[],\"cursor\":"), cursor(text, session);
    say(text, ",\"phones\":{},\"privacy\":{\"promptOnAdd\":true,\"unknownContacts\":\"allow\"},\"session\":");
    json_session(text, session);
    say(text, "}");
}

// Writes an event down, with the next number; the oldest goes when there is no room. Behind the session's lock.
void record(struct session *session, const char *type, const struct text *data)
{
    struct event *event = &session->journal[session->sequence++ % MOST_EVENTS];
    struct text text = { 0 };
    char time[32];
    timestamp(session->loop, time);
    free(event->json);
    say(&text, "{\"data\":"), add(&text, data->bytes, data->count);
    say(&text, ",\"id\":"), cursor(&text, session);
    say(&text, ",\"seq\":"), number(&text, session->sequence);
    say(&text, ",\"sessionId\":\""), say(&text, session->id);
    say(&text, "\",\"time\":\""), say(&text, time);
    say(&text, "\",\"type\":\""), say(&text, type), say(&text, "\"}");
    // No more than there is: it may stay for long.
    event->json = realloc(text.bytes, text.count);
    event->count = text.count;
    event->type = type;
}

// The events after a position that a reader wants; nothing where there are none.
void json_page(struct text *text, const struct session *session, uint64_t after, const char *types)
{
    uint64_t oldest = session->sequence > MOST_EVENTS ? session->sequence - MOST_EVENTS : 0;
    for (uint64_t place = after > oldest ? after : oldest; place < session->sequence; place++) {
        const struct event *event = &session->journal[place % MOST_EVENTS];
        if (types && strcmp(types, event->type) != 0)
            continue;
        say(text, text->count > 0 ? "," : "{\"events\":[");
        add(text, event->json, event->count);
    }
    if (text->count > 0)
        say(text, "],\"next\":"), cursor(text, session), say(text, ",\"more\":false}");
}
