# SPDX-License-Identifier: Apache-2.0
# Is it Prometheus' text format, by its rules and those for names? Says what is
# wrong, a line each, and how many series there are.

function wrong(what) { print "line " NR ": " what ": " $0 }

/^# (HELP|TYPE) / {
    if (seen[$2, $3]++)
        wrong("a second " $2)
    if ($2 == "HELP" && NF < 4)
        wrong("no words")
    if ($3 in sampled)
        wrong("behind its samples")
    if ($2 == "TYPE") {
        type[$3] = $4
        if ($4 !~ /^(counter|gauge)$/)
            wrong("no such type")
        if (($4 == "counter") != ($3 ~ /_total$/))
            wrong("counters, and only they, end with _total")
    }
    next
}
/^#/ { next }
!/^[a-z_]+({[a-z_]+="[^"\\]*"(,[a-z_]+="[^"\\]*")*})? [0-9]+(\.[0-9]+)?$/ {
    wrong("no sample")
    next
}
{
    name = $1
    sub(/{.*/, "", name)
    if (!(name in type) || !(("HELP", name) in seen))
        wrong("neither HELP nor TYPE before it")
    if (name != last && name in sampled)
        wrong("a family in two places")
    if ($1 in series)
        wrong("a second time")
    if (name ~ /(milli|micro|nano)seconds|minutes|hours|_kb|_mb/)
        wrong("no base unit")
    sampled[name] = series[$1] = 1
    last = name
    n++
}
END {
    for (family in type)
        if (!(family in sampled) && family !~ /^mapc_(records_total|poll_age_seconds)$/)
            print family ": no sample"
    print n + 0 " series"
}
