/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are whole or not there. */
#include "host/file_sink.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
failed(struct file_sink *f)
{
    f->error = errno != 0 ? errno : EIO;
    return false;
}

bool
file_sink_open(struct file_sink *f, const char *name)
{
    static const char ending[] = ".XXXXXX";
    mode_t mask;
    int fd;

    memset(f, 0, sizeof *f);
    f->name = name;
    f->out = stdout;
    if (name == NULL)
        return true;
    f->out = NULL;
    f->beside = malloc(strlen(name) + sizeof ending);
    if (f->beside == NULL)
        return failed(f);
    strcpy(f->beside, name);
    strcat(f->beside, ending);
    fd = mkstemp(f->beside);
    if (fd < 0) {
        failed(f);
        free(f->beside);
        f->beside = NULL;
        return false;
    }
    /* As open would have made it. */
    mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) != 0 || (f->out = fdopen(fd, "w")) == NULL) {
        failed(f);
        close(fd);
        return false;
    }
    return true;
}

bool
file_sink_keep(struct file_sink *f)
{
    FILE *out = f->out;

    if (f->name == NULL)
        return fflush(stdout) == 0 || failed(f);
    f->out = NULL;
    if (fflush(out) != 0 || fsync(fileno(out)) != 0) {
        failed(f);
        fclose(out);
        return false;
    }
    if (fclose(out) != 0 || rename(f->beside, f->name) != 0)
        return failed(f);
    free(f->beside);
    f->beside = NULL;
    return true;
}

void
file_sink_close(struct file_sink *f)
{
    if (f->out != NULL && f->name != NULL)
        fclose(f->out);
    f->out = NULL;
    if (f->beside != NULL)
        unlink(f->beside);
    free(f->beside);
    f->beside = NULL;
}

/* --- for document.h --- */

static bool
begin(void *arg, const char *type, uint64_t size)
{
    (void)arg;
    (void)type;
    (void)size;
    return true;
}

static size_t
room(void *arg)
{
    (void)arg;
    return SIZE_MAX;
}

static bool
put(void *arg, const char *p, size_t n)
{
    struct file_sink *f = arg;

    errno = 0;
    return fwrite(p, 1, n, f->out) == n || failed(f);
}

const struct document_sink file_sink = { begin, room, put };
