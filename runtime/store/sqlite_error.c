/* SPDX-License-Identifier: Apache-2.0 */
/* What SQLite's codes mean for whoever runs the program. */
#include "store/sqlite.h"

#include <errno.h>
#include <string.h>

static enum mr_status
status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return MR_EMEMORY;
    case SQLITE_TOOBIG:
        return MR_ELIMIT;
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return MR_EWRITE;
    case SQLITE_CANTOPEN:
        return MR_EREAD;
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ
                   ? MR_EREAD
                   : MR_EWRITE;
    default:
        return MR_EFORMAT;
    }
}

static const char *
words_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return "memory ran out";
    case SQLITE_TOOBIG:
        return "a value is too large";
    case SQLITE_FULL:
        return "the disk is full";
    case SQLITE_READONLY:
        return "may not be written";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "is locked by another program";
    case SQLITE_CANTOPEN:
        return "can't be opened";
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_READ ? "can't be read" : "can't be written";
    case SQLITE_NOTADB:
        return "is no store of replication";
    case SQLITE_CORRUPT:
        return "is damaged";
    default:
        return "is damaged or was changed by another program";
    }
}

enum mr_status
sqlite_failed(struct mr_cx *cx, struct sqlite_store *s)
{
    int number = errno, code = sqlite3_extended_errcode(s->db);

    if ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN)
        number = 0;
    /* SQLite says "full" only where the system does; a limit is one, too. */
    if (number == EFBIG || number == ENOSPC || number == EDQUOT)
        code = SQLITE_FULL;
    if (number != 0 && code != SQLITE_FULL)
        return mr_fail(cx, status_of(code), "%s: %s: %s", s->file,
                       words_of(code), strerror(number));
    return mr_fail(cx, status_of(code), "%s: %s", s->file, words_of(code));
}
