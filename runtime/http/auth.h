/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who we are towards a system: the texts that the configuration resolved. What
 * of them goes into a request is the client's affair; nothing of it is ever
 * shown.
 */
#ifndef HTTP_AUTH_H
#define HTTP_AUTH_H

enum http_auth_kind {
    HTTP_AUTH_NONE,
    HTTP_AUTH_BASIC,
    HTTP_AUTH_OAUTH2,           /* client credentials */
    HTTP_AUTH_CERTIFICATE       /* of TLS */
};

/* Texts not used by the kind are NULL. */
struct http_auth {
    enum http_auth_kind kind;
    const char *user, *password;        /* BASIC */
    const char *token_url, *client_id, *client_secret, *scope;  /* OAUTH2;
                                           scope may be NULL */
    const char *cert, *key, *key_password;      /* CERTIFICATE: files of PEM;
                                           key_password may be NULL */
};

#endif
