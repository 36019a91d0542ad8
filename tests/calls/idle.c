/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that say nothing: opens COUNT of them to a port of 127.0.0.1,
 * writes READY, and keeps them until it is ended, a minute at most.
 *
 *   idle PORT COUNT READY
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    struct rlimit files;

    if (argc != 4 || getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 2;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((unsigned short)atoi(argv[1]));
    for (int i = 0; i < atoi(argv[2]); i++) {
        int to = socket(AF_INET, SOCK_STREAM, 0);

        if (to < 0 || connect(to, (struct sockaddr *)&at, sizeof at) != 0) {
            perror("idle");
            return 1;
        }
    }
    FILE *f = fopen(argv[3], "w");
    if (f == NULL || fputs("open\n", f) < 0 || fclose(f) != 0)
        return 1;
    alarm(60);
    for (;;)
        pause();
}
