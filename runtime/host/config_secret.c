/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets: what a reference names, and the store's key. */
#include "host/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/output.h"

enum { SECRET_BYTES_MAX = 65536, KEY_BYTES = 32 };

static const char *
from_env(struct config *c, const char *where, const char *name)
{
    const char *value = getenv(name);

    if (value != NULL && value[0] != '\0')
        return value;
    config_wrong(c, NULL, where, "the environment has no %s", name);
    return NULL;
}

/* A relative name is one of the configuration's folder. */
static char *
file_name(struct config *c, const char *name)
{
    const char *slash = strrchr(c->file, '/');

    if (name[0] == '/' || slash == NULL)
        return config_text(c, "%s", name);
    return config_text(c, "%.*s/%s", (int)(slash - c->file), c->file, name);
}

/* Neither NUL nor a control character: it goes into headers. */
static bool
is_plain(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
            return false;
    return n > 0;
}

/* As ssh does: one's own file that others may use is no secret. Somebody else's
 * can't be mended from here, and is the way to let a group in. */
bool
config_private(struct config *c, const char *where, const char *path, FILE *f)
{
    struct stat at;

    if (fstat(fileno(f), &at) != 0) {
        config_wrong(c, NULL, where, "%s: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISREG(at.st_mode) || at.st_uid != geteuid() ||
        (at.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return true;
    config_wrong(c, NULL, where, "others may use %s (mode %04o); mend it with: "
                 "chmod go= '%s'", path, (unsigned)(at.st_mode & 07777), path);
    return false;
}

static const char *
from_file(struct config *c, const char *where, const char *path)
{
    char *text = mr_alloc(&c->cx, SECRET_BYTES_MAX);
    FILE *f = path != NULL && text != NULL ? fopen(path, "rb") : NULL;
    size_t n;

    if (path == NULL || text == NULL)
        return NULL;
    if (f == NULL) {
        config_wrong(c, NULL, where, "%s: %s", path, strerror(errno));
        return NULL;
    }
    if (!config_private(c, where, path, f)) {
        fclose(f);
        return NULL;
    }
    n = fread(text, 1, SECRET_BYTES_MAX - 1, f);
    if (ferror(f) || !feof(f))
        n = 0;
    fclose(f);
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    text[n] = '\0';
    if (is_plain(text, n))
        return text;
    config_wrong(c, NULL, where, "%s holds no secret: one line of text", path);
    return NULL;
}

const char *
config_secret(struct config *c, const char *where, const char *reference)
{
    if (strncmp(reference, "env:", 4) == 0)
        return from_env(c, where, reference + 4);
    return from_file(c, where, file_name(c, reference + 5));
}

static bool
decode(struct config *c, const char *hex, unsigned char secret[KEY_BYTES])
{
    const char *end = NULL;
    size_t n = 0;

    if (strlen(hex) == 2 * KEY_BYTES &&
        sodium_hex2bin(secret, KEY_BYTES, hex, 2 * KEY_BYTES, NULL, &n,
                       &end) == 0 && n == KEY_BYTES)
        return true;
    config_wrong(c, NULL, "store.key", "is not 64 hexadecimal digits");
    return false;
}

static bool
read_key(struct config *c, const char *path, unsigned char secret[KEY_BYTES])
{
    const char *text = from_file(c, "store.key", path);

    return text != NULL && decode(c, text, secret);
}

/* The name is on disk when its folder is. */
static bool
sync_folder(struct config *c, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "."
                         : config_text(c, "%.*s", (int)(slash - path + 1),
                                       path);
    int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY |
                                                O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return good;
}

/* A key that was made and lost would make the store unreadable: it is on disk,
 * under its name, before it is used. Two programs that make one at once each
 * have a file of their own for it. */
static bool
make_key(struct config *c, const char *path, unsigned char secret[KEY_BYTES])
{
    char hex[2 * KEY_BYTES + 2];
    char *new_name = config_text(c, "%s.%08x", path, randombytes_random());
    int fd;
    bool good, beaten = false;

    if (new_name == NULL)
        return false;
    randombytes_buf(secret, KEY_BYTES);
    sodium_bin2hex(hex, sizeof hex, secret, KEY_BYTES);
    hex[2 * KEY_BYTES] = '\n';
    fd = open(new_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    good = fd >= 0 && mr_write_fd(&fd, hex, 2 * KEY_BYTES + 1) == 0 &&
           fsync(fd) == 0;
    if (fd >= 0 && close(fd) != 0)
        good = false;
    /* link, not rename: a key that another program made meanwhile stays. */
    if (good && link(new_name, path) != 0) {
        good = false;
        beaten = errno == EEXIST;
    }
    good = good && sync_folder(c, path);
    if (!good && !beaten)
        config_wrong(c, NULL, "store.key", "%s: %s", path, strerror(errno));
    if (fd >= 0)
        unlink(new_name);
    sodium_memzero(hex, sizeof hex);
    return beaten ? read_key(c, path, secret) : good;
}

bool
config_store_secret(struct config *c, bool make,
                    unsigned char secret[KEY_BYTES])
{
    const char *dot = strrchr(c->store_file, '.');
    const char *slash = strrchr(c->store_file, '/');
    const char *text;
    char *path;

    if (sodium_init() < 0) {
        config_wrong(c, NULL, "", "libsodium can't be used here");
        return false;
    }
    if (c->store_key != NULL) {
        text = config_secret(c, "store.key", c->store_key);
        return text != NULL && decode(c, text, secret);
    }
    if (dot == NULL || (slash != NULL && dot < slash))
        dot = c->store_file + strlen(c->store_file);
    path = config_text(c, "%.*s.key", (int)(dot - c->store_file),
                       c->store_file);
    if (path == NULL)
        return false;
    if (access(path, F_OK) != 0 && make && access(c->store_file, F_OK) != 0)
        return make_key(c, path, secret);
    return read_key(c, path, secret);
}
