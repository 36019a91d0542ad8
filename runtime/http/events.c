/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets and times that curl waits for. */
#include "http/events.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/clock.h"

enum { AT_ONCE = 64 };

static const uint32_t wanted[] = {
    [CURL_POLL_IN] = EPOLLIN,
    [CURL_POLL_OUT] = EPOLLOUT,
    [CURL_POLL_INOUT] = EPOLLIN | EPOLLOUT
};

/* What can't be watched for want of memory ends when its time is over. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    struct http_events *e = arg;
    struct epoll_event on = { .data.fd = fd };

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(e->epoll, EPOLL_CTL_DEL, fd, &on);
        return 0;
    }
    on.events = wanted[what & CURL_POLL_INOUT];
    if (epoll_ctl(e->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd,
                  &on) != 0 && errno == EEXIST)
        epoll_ctl(e->epoll, EPOLL_CTL_MOD, fd, &on);
    curl_multi_assign(e->multi, fd, e);
    return 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
    struct http_events *e = arg;

    (void)multi;
    e->due = ms < 0 ? INT64_MAX : http_clock() + ms;
    return 0;
}

static bool
watch(struct http_events *e, int fd)
{
    struct epoll_event on = { .events = EPOLLIN, .data.fd = fd };

    return epoll_ctl(e->epoll, EPOLL_CTL_ADD, fd, &on) == 0;
}

bool
http_events_open(struct http_events *e, CURLM *multi)
{
    e->multi = multi;
    e->due = INT64_MAX;
    e->watched = -1;
    e->epoll = epoll_create1(EPOLL_CLOEXEC);
    e->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (e->epoll < 0 || e->wake < 0 || !watch(e, e->wake))
        return false;
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, e);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, e);
    return true;
}

void
http_events_close(struct http_events *e)
{
    if (e->epoll >= 0)
        close(e->epoll);
    if (e->wake >= 0)
        close(e->wake);
    e->epoll = e->wake = -1;
}

bool
http_events_watch(struct http_events *e, int fd)
{
    e->watched = fd;
    return watch(e, fd);
}

void
http_events_wake(struct http_events *e)
{
    static const uint64_t one = 1;

    /* A full counter has a wake in it already. */
    if (write(e->wake, &one, sizeof one) < 0)
        return;
}

void
http_events_run(struct http_events *e)
{
    int running;

    /* What is done may make more due; a round each, as others wait, too. */
    if (e->due > http_clock())
        return;
    e->due = INT64_MAX;
    curl_multi_socket_action(e->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static void
happened(struct http_events *e, const struct epoll_event *on)
{
    int running, what = 0;
    uint64_t wakes;

    if (on->data.fd == e->wake && read(e->wake, &wakes, sizeof wakes) < 0)
        return;                         /* someone was quicker */
    if (on->data.fd == e->wake || on->data.fd == e->watched)
        return;
    if (on->events & EPOLLIN)
        what |= CURL_CSELECT_IN;
    if (on->events & EPOLLOUT)
        what |= CURL_CSELECT_OUT;
    if (on->events & (EPOLLERR | EPOLLHUP))
        what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(e->multi, on->data.fd, what, &running);
}

void
http_events_wait(struct http_events *e, uint32_t timeout_ms)
{
    struct epoll_event on[AT_ONCE];
    int64_t left = e->due == INT64_MAX ? INT64_MAX : e->due - http_clock();
    int n;

    if (left > timeout_ms)
        left = timeout_ms;
    n = epoll_wait(e->epoll, on, AT_ONCE,
                   left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left);
    for (int i = 0; i < n; i++)
        happened(e, &on[i]);
    http_events_run(e);
}
