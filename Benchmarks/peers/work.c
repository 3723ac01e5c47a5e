// What a request asks for, and what is answered.
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_NANOSECONDS 50000000000LL

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static bool refuse(struct request *request, int status)
{
    request->answer.status = status;
    say(&request->answer.body, "{\"code\":\"refused\"}");
    return true;
}

// {"account":"…","password":"…"}
static bool take_sign_in(struct loop *loop, struct request *request, const struct question *question)
{
    static const char mark[] = "\"account\":\"";
    char body[512], account[64];
    snprintf(body, sizeof body, "%.*s", (int)question->body_count, question->body);
    const char *at = strstr(body, mark);
    if (!at || sscanf(at + strlen(mark), "%63[^\"]", account) != 1)
        return refuse(request, 400);
    struct session *session = make_session(loop, account);
    request->session = session;
    session->entering = request;
    return false;
}

static bool take_poll(struct loop *loop, struct request *request, const struct question *question)
{
    struct session *session = request->session;
    const char *dot = question->after ? strchr(question->after, '.') : NULL;
    request->after = dot ? strtoull(dot + 1, NULL, 10) : 0;
    pthread_mutex_lock(&session->lock);
    request->answer.is_page = true;
    json_page(&request->answer.body, session, request->after, question->types);
    bool waits = request->answer.body.count == 0;
    if (waits) {
        request->next_waiter = session->waiters;
        session->waiters = request;
        request->deadline = now() + WAIT_NANOSECONDS;
        add_waiter(loop, request);
    }
    pthread_mutex_unlock(&session->lock);
    request->answer.status = 200;
    return !waits;
}

bool take_question(struct loop *loop, struct request *request, const struct question *question)
{
    static const char sessions[] = "/v1/sessions";
    struct answer *answer = &request->answer;
    request->loop = loop;
    if (strncmp(question->path, sessions, strlen(sessions)) != 0)
        return refuse(request, 404);
    if (question->is_post)
        return take_sign_in(loop, request, question);
    const char *id = question->path + strlen(sessions);
    if (*id != '/' || !question->token || !(request->session = find_session(id + 1, question->token)))
        return refuse(request, 401);
    const char *rest = strchr(id + 1, '/');
    if (rest && strcmp(rest, "/events") == 0)
        return take_poll(loop, request, question);
    struct session *session = request->session;
    answer->status = 200;
    pthread_mutex_lock(&session->lock);
    if (!rest)
        json_session(&answer->body, session);
    else if (strcmp(rest, "/presence") == 0)
        say(&answer->body, "{\"status\":\""), say(&answer->body, session->status), say(&answer->body, "\"}");
    else if (strcmp(rest, "/snapshot") == 0)
        json_snapshot(&answer->body, session);
    else if (strcmp(rest, "/contacts") == 0) {
        say(&answer->body, "{\"contacts\":"), json_contacts(&answer->body, session), say(&answer->body, "}");
        snprintf(answer->etag, sizeof answer->etag, "\"%.8s%08x\"", session->id, (unsigned)session->revision);
    } else
        answer->status = 404;
    pthread_mutex_unlock(&session->lock);
    return true;
}
