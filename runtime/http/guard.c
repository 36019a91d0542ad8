/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is a request from somebody who may? Credentials are compared as keyed hashes
 * of the same length, so that neither time nor length says how near a guess
 * was.
 */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <strings.h>
#include <sys/socket.h>

#include "http/inbound.h"

enum { CREDENTIALS_MAX = 2048 };

static bool
same(const struct http_server *s, const char *a, size_t a_n, const char *b,
     size_t b_n)
{
    unsigned char hash[2][32];

    crypto_generichash(hash[0], sizeof hash[0], (const unsigned char *)a, a_n,
                       s->secret, sizeof s->secret);
    crypto_generichash(hash[1], sizeof hash[1], (const unsigned char *)b, b_n,
                       s->secret, sizeof s->secret);
    return sodium_memcmp(hash[0], hash[1], sizeof hash[0]) == 0;
}

/* What stands behind "Basic " or "Bearer "; NULL. */
static const char *
credentials(struct MHD_Connection *mhd, const char *scheme)
{
    const char *p = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND,
                                                "Authorization");
    size_t n = strlen(scheme);

    if (p == NULL || strncasecmp(p, scheme, n) != 0 || p[n] != ' ')
        return NULL;
    p += n;
    while (*p == ' ')
        p++;
    return p;
}

static bool
is_user(const struct http_server *s, struct MHD_Connection *mhd)
{
    const char *coded = credentials(mhd, "Basic");
    unsigned char got[CREDENTIALS_MAX];
    size_t n = 0, user_n = strlen(s->set.user), n_want;
    char want[CREDENTIALS_MAX];
    bool good;

    n_want = user_n + 1 + strlen(s->set.password);
    if (coded == NULL || n_want >= sizeof want ||
        sodium_base642bin(got, sizeof got, coded, strlen(coded), NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    snprintf(want, sizeof want, "%s:%s", s->set.user, s->set.password);
    good = same(s, (const char *)got, n, want, n_want);
    sodium_memzero(want, sizeof want);
    sodium_memzero(got, sizeof got);
    return good;
}

static bool
is_bearer(const struct http_server *s, struct MHD_Connection *mhd)
{
    const char *token = credentials(mhd, "Bearer");

    return token != NULL && same(s, token, strlen(token), s->set.token,
                                 strlen(s->set.token));
}

/* Its chain leads to client_ca, it has not expired, and it is for clients. */
static bool
is_certified(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    gnutls_typed_vdata_st purpose = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID,
        .data = (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT
    };
    unsigned status = 0;

    if (info == NULL || info->tls_session == NULL)
        return false;
    return gnutls_certificate_verify_peers(info->tls_session, &purpose, 1,
                                           &status) == 0 && status == 0;
}

int
server_guard_check(const struct http_server *s,
                   const struct server_route *route,
                   struct MHD_Connection *mhd)
{
    switch (route->guard) {
    case SERVER_OPEN:
        return 0;
    case SERVER_BASIC:
        return is_user(s, mhd) ? 0 : 401;
    case SERVER_BEARER:
        return is_bearer(s, mhd) ? 0 : 401;
    case SERVER_CERTIFICATE:
        return is_certified(mhd) ? 0 : 403;
    }
    return 403;
}

bool
server_guard_is_loopback(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (info == NULL || info->client_addr == NULL)
        return false;
    if (info->client_addr->sa_family == AF_INET) {
        memcpy(&v4, info->client_addr, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (info->client_addr->sa_family != AF_INET6)
        return false;
    memcpy(&v6, info->client_addr, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}
