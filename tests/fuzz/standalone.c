/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays inputs through a fuzz target without the fuzzer: the arguments are
 * files and folders (folders with all below them, in order of name). Prints
 * how many there were; none is a failure, so that a lost corpus is noticed.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replay(const char *path, size_t *count);

static int
replay_folder(const char *path, size_t *count)
{
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort), bad = 0;

    if (n < 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 1;
    }
    for (int i = 0; i < n; i++) {
        size_t room = strlen(path) + strlen(names[i]->d_name) + 2;
        char *full = malloc(room);

        if (full == NULL)
            abort();
        snprintf(full, room, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            bad |= replay(full, count);
        free(full);
        free(names[i]);
    }
    free(names);
    return bad;
}

static int
replay_file(const char *path, size_t size, size_t *count)
{
    FILE *in = fopen(path, "rb");
    uint8_t *data = malloc(size > 0 ? size : 1);
    size_t n;

    if (in == NULL || data == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        free(data);
        return 1;
    }
    n = fread(data, 1, size, in);
    fclose(in);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    ++*count;
    return 0;
}

static int
replay(const char *path, size_t *count)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 1;
    }
    if (S_ISDIR(st.st_mode))
        return replay_folder(path, count);
    return replay_file(path, (size_t)st.st_size, count);
}

int
main(int argc, char **argv)
{
    size_t count = 0;
    int bad = 0;

    for (int i = 1; i < argc; i++)
        bad |= replay(argv[i], &count);
    printf("%zu inputs replayed\n", count);
    return bad || count == 0;
}
