/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receiver of IDocs that lets only those in who show a certificate (/cert) or
 * a token (/bearer, of /token), over TLS on loopback. Makes an authority and
 * certificates in a folder, for itself, for a client that is right, and for a
 * stranger; then takes messages until it is stopped or its time is over.
 *   guarded FOLDER SECONDS      FOLDER/port, FOLDER/received, FOLDER/tokens
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PEM_MAX = 4000, USES = 2, BODY_MAX = 8 << 20 };

struct party {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
    char pem[PEM_MAX], key_pem[PEM_MAX];
};

static int folder;
static unsigned tokens, uses;   /* given out; of the last one */

static void
give_up(const char *what)
{
    fprintf(stderr, "guarded: %s\n", what);
    exit(2);
}

static void
keep(const char *name, const char *text, size_t n, int flags)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | flags, 0600);

    if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) != 0)
        give_up(name);
}

/* issuer NULL: an authority of its own. */
static void
make_party(struct party *p, const struct party *issuer, const char *name,
           const char *purpose)
{
    static unsigned char serial;
    unsigned char loopback[4] = { 127, 0, 0, 1 };
    size_t n = PEM_MAX - 1, key_n = PEM_MAX - 1;
    char file[40];

    memset(p, 0, sizeof *p);
    serial++;
    if (gnutls_x509_privkey_init(&p->key) < 0 ||
        gnutls_x509_privkey_generate(p->key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) < 0 ||
        gnutls_x509_crt_init(&p->cert) < 0)
        give_up("a key");
    gnutls_x509_crt_set_version(p->cert, 3);
    gnutls_x509_crt_set_serial(p->cert, &serial, 1);
    gnutls_x509_crt_set_activation_time(p->cert, time(NULL) - 100);
    gnutls_x509_crt_set_expiration_time(p->cert, time(NULL) + 3600);
    gnutls_x509_crt_set_dn_by_oid(p->cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                  name, (unsigned)strlen(name));
    gnutls_x509_crt_set_key(p->cert, p->key);
    gnutls_x509_crt_set_ca_status(p->cert, issuer == NULL);
    if (purpose != NULL)
        gnutls_x509_crt_set_key_purpose_oid(p->cert, purpose, 0);
    gnutls_x509_crt_set_subject_alt_name(p->cert, GNUTLS_SAN_IPADDRESS,
                                         loopback, 4, GNUTLS_FSAN_SET);
    if (gnutls_x509_crt_sign2(p->cert, issuer == NULL ? p->cert : issuer->cert,
                              issuer == NULL ? p->key : issuer->key,
                              GNUTLS_DIG_SHA256, 0) < 0 ||
        gnutls_x509_crt_export(p->cert, GNUTLS_X509_FMT_PEM, p->pem, &n) < 0 ||
        gnutls_x509_privkey_export(p->key, GNUTLS_X509_FMT_PEM, p->key_pem,
                                   &key_n) < 0)
        give_up("a certificate");
    snprintf(file, sizeof file, "%s.pem", name);
    keep(file, p->pem, n, O_TRUNC);
    snprintf(file, sizeof file, "%s.key", name);
    keep(file, p->key_pem, key_n, O_TRUNC);
}

/* --- who is let in --- */

static bool
shows_certificate(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    unsigned status = 1;

    return info != NULL &&
           gnutls_certificate_verify_peers2(info->tls_session, &status) == 0 &&
           status == 0;
}

static const char *
authorization(struct MHD_Connection *c)
{
    const char *text = MHD_lookup_connection_value(c, MHD_HEADER_KIND,
                                                   "Authorization");

    return text == NULL ? "" : text;
}

/* A token is good for some requests, less than was said: it has to be fetched
 * again in time. */
static bool
shows_token(struct MHD_Connection *c)
{
    char wanted[40];

    snprintf(wanted, sizeof wanted, "Bearer made-up-%u", tokens);
    return tokens > 0 && strcmp(authorization(c), wanted) == 0 &&
           uses++ < USES;
}

/* --- answers --- */

struct body {
    char *p;
    size_t n;
};

static enum MHD_Result
say(struct MHD_Connection *c, unsigned status, const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        strlen(text), (void *)(unsigned long)text, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_queue_response(c, status, r);

    MHD_destroy_response(r);
    return result;
}

static enum MHD_Result
give_token(struct MHD_Connection *c, const struct body *b)
{
    static const char wanted[] = "grant_type=client_credentials";
    char text[100];

    /* mapc-client:Muster-Geheimnis */
    if (strcmp(authorization(c), "Basic bWFwYy1jbGllbnQ6TXVzdGVyLUdlaGVpbW5p"
                                 "cw==") != 0)
        return say(c, 401, "{\"error\":\"invalid_client\"}");
    if (b->n < sizeof wanted - 1 || memcmp(b->p, wanted, sizeof wanted - 1) != 0)
        return say(c, 400, "{\"error\":\"unsupported_grant_type\"}");
    tokens++;
    uses = 0;
    keep("tokens", "x", 1, O_APPEND);
    snprintf(text, sizeof text, "{\"access_token\":\"made-up-%u\","
             "\"token_type\":\"bearer\",\"expires_in\":3600}", tokens);
    return say(c, 200, text);
}

static enum MHD_Result
answer(struct MHD_Connection *c, const char *url, const char *method,
       const struct body *b)
{
    bool post = strcmp(method, "POST") == 0;

    if (strcmp(url, "/token") == 0 && post)
        return give_token(c, b);
    if (strcmp(url, "/cert") == 0 ? !shows_certificate(c)
        : strcmp(url, "/bearer") == 0 ? !shows_token(c) : true)
        return say(c, 401, "");
    if (!post)
        return say(c, 405, "");
    keep("received", b->p == NULL ? "" : b->p, b->n, O_APPEND);
    return say(c, 200, "");
}

static enum MHD_Result
take(void *arg, struct MHD_Connection *c, const char *url, const char *method,
     const char *version, const char *data, size_t *n, void **mine)
{
    struct body *b = *mine;

    (void)arg, (void)version;
    if (b == NULL) {
        *mine = b = calloc(1, sizeof *b);
        return b == NULL ? MHD_NO : MHD_YES;
    }
    if (*n > 0) {
        char *p = b->n + *n > BODY_MAX ? NULL : realloc(b->p, b->n + *n);

        if (p == NULL)
            return MHD_NO;
        memcpy(p + b->n, data, *n);
        b->p = p;
        b->n += *n;
        *n = 0;
        return MHD_YES;
    }
    return answer(c, url, method, b);
}

static void
done(void *arg, struct MHD_Connection *c, void **mine,
     enum MHD_RequestTerminationCode why)
{
    struct body *b = *mine;

    (void)arg, (void)c, (void)why;
    if (b != NULL)
        free(b->p);
    free(b);
}

int
main(int argc, char **argv)
{
    static struct party ca, server, client, stranger, other;
    struct sockaddr_in at = { .sin_family = AF_INET };
    struct MHD_Daemon *d;
    char text[20];
    int n;

    if (argc != 3 || (folder = open(argv[1], O_RDONLY | O_DIRECTORY)) < 0)
        give_up("FOLDER SECONDS");
    make_party(&ca, NULL, "ca", NULL);
    make_party(&other, NULL, "other", NULL);
    make_party(&server, &ca, "server", GNUTLS_KP_TLS_WWW_SERVER);
    make_party(&client, &ca, "client", GNUTLS_KP_TLS_WWW_CLIENT);
    make_party(&stranger, &other, "stranger", GNUTLS_KP_TLS_WWW_CLIENT);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    d = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, take,
        NULL, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_HTTPS_MEM_CERT, server.pem,
        MHD_OPTION_HTTPS_MEM_KEY, server.key_pem, MHD_OPTION_HTTPS_MEM_TRUST,
        ca.pem, MHD_OPTION_NOTIFY_COMPLETED, done, NULL, MHD_OPTION_END);
    if (d == NULL)
        give_up("it can't listen");
    keep("received", "", 0, O_TRUNC);
    keep("tokens", "", 0, O_TRUNC);
    n = snprintf(text, sizeof text, "%u\n", (unsigned)MHD_get_daemon_info(
                     d, MHD_DAEMON_INFO_BIND_PORT)->port);
    keep("port.new", text, (size_t)n, O_TRUNC);
    renameat(folder, "port.new", folder, "port");
    sleep((unsigned)atoi(argv[2]));
    MHD_stop_daemon(d);
    return 0;
}
