/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What time is it at the service? Its answers tell, to the second:
 * "Sun, 01 Mar 2026 12:00:00 GMT".
 */
#include "peer/odata.h"

#include "value/date.h"

enum { DATE_N = 29 };

static int
month_of(const char *p)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (memcmp(names + 3 * i, p, 3) == 0)
            return i + 1;
    return 0;
}

int64_t
odata_date(struct op_bytes head)
{
    struct mr_val v = odata_header(head, "date");
    struct mr_ymd day;
    uint32_t seconds, fraction;
    int64_t moment;

    if (v.state != MR_HERE || v.n != DATE_N || v.p[4] != ' ' ||
        v.p[7] != ' ' || v.p[11] != ' ' || v.p[16] != ' ' ||
        memcmp(v.p + 25, " GMT", 4) != 0)
        return 0;
    day.day = mr_digits(v.p + 5, 2);
    day.month = month_of(v.p + 8);
    day.year = mr_digits(v.p + 12, 4);
    if (!mr_ymd_ok(day) ||
        mr_clock_read(v.p + 17, 8, &seconds, &fraction) != 8)
        return 0;
    moment = mr_days_of(day) * MR_DAY + seconds;
    return moment > 0 ? moment * 1000000 : 0;
}
