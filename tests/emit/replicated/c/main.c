/* The program of tests.replicated. Made by mapc: change the map, not this
 * file. */
#include "mr/gen.h"

extern const struct mr_program mapc_program;

int
main(int argc, char **argv)
{
    return mr_main(argc, argv, &mapc_program);
}
