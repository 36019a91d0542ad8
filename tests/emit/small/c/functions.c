/* Functions of tests.small. Made by mapc: change the map, not this file. */
#include "functions.h"

/* function label */
struct mr_val
function_label(struct mr_cx *cx, struct mr_val name, struct mr_val country)
{
    return mr_concat(cx, mr_concat(cx, country, mr_text(": ")), name);
}
