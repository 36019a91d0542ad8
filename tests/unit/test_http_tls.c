/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client and server with each other over TLS: whose certificate is accepted,
 * whose is not, on both sides. The authorities are made for the test.
 */
#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "http/client.h"
#include "http/server.h"

struct party {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t cert;
    char cert_pem[4000], key_pem[4000];
};

static struct party authority, other, server_party, client_party, stranger;

/* issuer NULL: an authority, signed by itself. */
static bool
make_party(struct party *p, struct party *issuer, const char *name,
           bool for_client)
{
    static unsigned char serial;
    unsigned char loopback[4] = { 127, 0, 0, 1 };
    size_t n = sizeof p->cert_pem, key_n = sizeof p->key_pem;

    serial++;
    if (gnutls_x509_privkey_init(&p->key) < 0 ||
        gnutls_x509_privkey_generate(p->key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) < 0 ||
        gnutls_x509_crt_init(&p->cert) < 0)
        return false;
    gnutls_x509_crt_set_version(p->cert, 3);
    gnutls_x509_crt_set_serial(p->cert, &serial, 1);
    gnutls_x509_crt_set_activation_time(p->cert, time(NULL) - 100);
    gnutls_x509_crt_set_expiration_time(p->cert, time(NULL) + 1000);
    gnutls_x509_crt_set_dn_by_oid(p->cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                  name, (unsigned)strlen(name));
    gnutls_x509_crt_set_key(p->cert, p->key);
    gnutls_x509_crt_set_ca_status(p->cert, issuer == NULL);
    if (issuer != NULL) {
        gnutls_x509_crt_set_key_purpose_oid(p->cert, for_client
            ? GNUTLS_KP_TLS_WWW_CLIENT : GNUTLS_KP_TLS_WWW_SERVER, 0);
        gnutls_x509_crt_set_subject_alt_name(p->cert, GNUTLS_SAN_IPADDRESS,
                                             loopback, 4, GNUTLS_FSAN_SET);
    }
    return gnutls_x509_crt_sign2(p->cert,
               issuer == NULL ? p->cert : issuer->cert,
               issuer == NULL ? p->key : issuer->key, GNUTLS_DIG_SHA256,
               0) == 0 &&
           gnutls_x509_crt_export(p->cert, GNUTLS_X509_FMT_PEM, p->cert_pem,
                                  &n) == 0 &&
           gnutls_x509_privkey_export(p->key, GNUTLS_X509_FMT_PEM, p->key_pem,
                                      &key_n) == 0;
}

static void
free_party(struct party *p)
{
    gnutls_x509_crt_deinit(p->cert);
    gnutls_x509_privkey_deinit(p->key);
}

/* The name of a new file with this text. */
static const char *
file_of(const char *text)
{
    static char names[8][100];
    static int at;
    const char *tmp = getenv("TMPDIR");
    char *name = names[at++ % 8];
    int fd;

    snprintf(name, 100, "%.70s/mapc-tls-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    fd = mkstemp(name);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    return name;
}

static const char *const xml[] = { "text/xml", NULL };
static const struct server_route routes[] = {
    { "GET", "/open", NULL, SERVER_OPEN, false, NULL },
    { "POST", "/idoc", xml, SERVER_CERTIFICATE, false, NULL },
};

struct host {
    struct mr_cx cx;
    struct http_server *server;
    pthread_t thread;
    atomic_bool stop;
};

static void *
host_run(void *arg)
{
    struct host *h = arg;
    struct server_answer a = { .status = 200 };
    struct server_request r;

    while (!h->stop) {
        if (server_take(h->server, &r))
            server_answer(h->server, r.ticket, &a);
        else
            nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
    }
    return NULL;
}

static bool
host_start(struct host *h)
{
    struct server_settings s = { .listen = "127.0.0.1:0", .routes = routes,
                                 .n_routes = 2,
                                 .cert = server_party.cert_pem,
                                 .key = server_party.key_pem,
                                 .client_ca = authority.cert_pem };

    memset(h, 0, sizeof *h);
    mr_cx_init(&h->cx, NULL);
    server_defaults(&s);
    return server_new(&h->cx, &s, &h->server) == MR_OK &&
           pthread_create(&h->thread, NULL, host_run, h) == 0;
}

static void
host_end(struct host *h)
{
    h->stop = true;
    pthread_join(h->thread, NULL);
    server_free(h->server);
    mr_cx_done(&h->cx);
}

struct got {
    enum http_end end;
    int status;
    char text[300];
};

static void
keep(void *arg, struct http_reply *reply)
{
    struct got *g = arg;

    g->end = reply->end;
    g->status = reply->status;
    snprintf(g->text, sizeof g->text, "%s", reply->text);
}

/* One request with the client's certificate `who` (NULL: none), trusting `ca`
 * (NULL: the machine's). */
static struct got
ask(const struct host *h, const struct party *who, const struct party *ca,
    bool post)
{
    struct http_settings settings = { .agent = "x" };
    struct http_auth auth = { .kind = HTTP_AUTH_NONE };
    struct http_header type = { "Content-Type", "text/xml" };
    struct got got = { .end = HTTP_NOT_SENT };
    struct http_call call = { .method = post ? "POST" : "GET",
                              .headers = &type, .n_headers = 1,
                              .body = post ? "<a/>" : NULL,
                              .n = post ? 4 : 0, .timeout_ms = 3000,
                              .done = keep, .arg = &got };
    struct http_client *client;
    struct http_session *session;
    struct mr_cx cx;
    char url[100];

    mr_cx_init(&cx, NULL);
    snprintf(url, sizeof url, "https://127.0.0.1:%u/%s",
             server_port(h->server), post ? "idoc" : "open");
    call.url = url;
    if (who != NULL) {
        auth.kind = HTTP_AUTH_CERTIFICATE;
        auth.cert = file_of(who->cert_pem);
        auth.key = file_of(who->key_pem);
    }
    if (ca != NULL)
        settings.ca_file = file_of(ca->cert_pem);
    client = http_client_new(&cx, &settings);
    session = http_session_new(&cx, client, &auth);
    CHECK(http_send(session, &call));
    for (int i = 0; i < 50 && http_busy(client) > 0; i++)
        http_wait(client, 100);
    http_client_free(client);
    mr_cx_done(&cx);
    if (who != NULL) {
        unlink(auth.cert);
        unlink(auth.key);
    }
    if (ca != NULL)
        unlink(settings.ca_file);
    return got;
}

static void
test_parties(void)
{
    struct host h;
    struct got got;

    REQUIRE(make_party(&authority, NULL, "Muster CA", false));
    REQUIRE(make_party(&other, NULL, "Other CA", false));
    REQUIRE(make_party(&server_party, &authority, "127.0.0.1", false));
    REQUIRE(make_party(&client_party, &authority, "erp", true));
    REQUIRE(make_party(&stranger, &other, "erp", true));
    REQUIRE(host_start(&h));
    got = ask(&h, NULL, &authority, false);
    CHECK_THAT(got.status == 200, "%d %s", got.status, got.text);
    /* The client does not trust the server. */
    got = ask(&h, NULL, &other, false);
    CHECK_NUMBER(got.end, HTTP_NOT_SENT);
    got = ask(&h, NULL, NULL, false);
    CHECK_NUMBER(got.end, HTTP_NOT_SENT);
    /* The server looks at the client. */
    got = ask(&h, &client_party, &authority, true);
    CHECK_THAT(got.status == 200, "%d %s", got.status, got.text);
    got = ask(&h, NULL, &authority, true);
    CHECK_THAT(got.status == 403, "%d %s", got.status, got.text);
    got = ask(&h, &stranger, &authority, true);
    CHECK_THAT(got.status != 200, "%d %s", got.status, got.text);
    /* A server's certificate is none for a client. */
    got = ask(&h, &server_party, &authority, true);
    CHECK_THAT(got.status != 200, "%d %s", got.status, got.text);
    got = ask(&h, NULL, &authority, false);
    CHECK_NUMBER(got.status, 200);
    host_end(&h);
}

static void
test_wrong_pair(void)
{
    struct server_settings s = { .listen = "127.0.0.1:0", .routes = routes,
                                 .n_routes = 2,
                                 .cert = server_party.cert_pem,
                                 .key = client_party.key_pem,
                                 .client_ca = authority.cert_pem };
    struct http_server *server;
    struct mr_cx cx;

    server_defaults(&s);
    mr_cx_init(&cx, NULL);
    CHECK_NUMBER(server_new(&cx, &s, &server), MR_EUSAGE);
    CHECK(cx.error.text[0] != '\0');
    mr_cx_done(&cx);
    mr_cx_init(&cx, NULL);
    s.cert = "no certificate";
    CHECK_NUMBER(server_new(&cx, &s, &server), MR_EUSAGE);
    mr_cx_done(&cx);
    free_party(&authority);
    free_party(&other);
    free_party(&server_party);
    free_party(&client_party);
    free_party(&stranger);
}

/* A handshake with one version alone. */
static bool
shakes_hands(uint16_t port, const char *priority)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    gnutls_certificate_credentials_t none;
    gnutls_session_t session;
    bool good;

    CHECK(connect(fd, (struct sockaddr *)(void *)&to, sizeof to) == 0);
    gnutls_certificate_allocate_credentials(&none);
    gnutls_init(&session, GNUTLS_CLIENT);
    CHECK(gnutls_priority_set_direct(session, priority, NULL) == 0);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, none);
    gnutls_transport_set_int(session, fd);
    gnutls_handshake_set_timeout(session, 3000);
    good = gnutls_handshake(session) == 0;
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(none);
    close(fd);
    return good;
}

static void
test_versions(void)
{
    struct host h;
    uint16_t port;

    REQUIRE(host_start(&h));
    port = server_port(h.server);
    CHECK(!shakes_hands(port, "NORMAL:-VERS-TLS-ALL:+VERS-TLS1.0"));
    CHECK(!shakes_hands(port, "NORMAL:-VERS-TLS-ALL:+VERS-TLS1.1"));
    CHECK(shakes_hands(port, "NORMAL:-VERS-TLS-ALL:+VERS-TLS1.2"));
    CHECK(shakes_hands(port, "NORMAL:-VERS-TLS-ALL:+VERS-TLS1.3"));
    host_end(&h);
}

CHECK_MAIN({ "parties", test_parties }, { "versions", test_versions },
           { "certificate and key of two", test_wrong_pair })
