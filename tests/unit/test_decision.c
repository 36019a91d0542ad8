/* SPDX-License-Identifier: Apache-2.0 */
/* What maps say about conflicts, creations, deletions and when they run reaches
 * the plan. */
#include "check.h"

#include "plan/plan.h"
#include "sema/check.h"

static const char *
dump(struct arena *a, const char *path)
{
    static const char *const folders[] = { NULL };
    struct sources *ss = sources_new(a);
    struct diags *ds = diags_new(a);
    const struct check_input in = { .arena = a, .names = names_new(a),
                                    .diags = ds, .sources = ss,
                                    .folders = folders };
    struct tprogram *program = check_program(&in, path);
    struct buf b;

    buf_init(&b, a);
    if (diags_errors(ds) > 0) {
        diags_print_text(ds, ss, (struct diag_style){ false, 0 }, stderr);
        return b.at;
    }
    plan_dump(plan_lower(a, ds, program), &b);
    return b.at;
}

static void
words(void)
{
    static const char *const lines[] = {
        "\n  create cloud\n",
        "\n  delete cloud: set cloud.LifeCycleStatusCode = \"4\"\n",
        "\n  delete erp: remove\n",
        "\n  where erp.KTOKD = \"0001\" leave unlink\n",
        " key  cloud.AccountID <-> erp.KUNNR : alpha(10) | canonical "
        "| newest by cloud.ChangedOn\n",
        "cloud.RoleCode <- \"CRM000\"\n",
        " remember | remembered | owner cloud unless empty | remember\n",
        " personal | canonical | ask | personal\n",
        " | lossy | keep both\n",
        "erp.ORT01 : max(35) | exact on its domain | owner erp | group address\n",
        " key  cloud.DivisionCode <-> erp.SPART | in each "
        "cloud.CorporateAccountSalesData <-> erp.E1KNVVM | exact",
        "erp.ZTERM owner newest | in each cloud.CorporateAccountSalesData <-> "
        "erp.E1KNVVM | exact | newest\n",
        "\n  replicate cloud -> erp every 300 s changed ChangedOn overlap 90 s "
        "sweep every 172800 s\n",
        "\n  replicate erp -> cloud on message\n",
        "\n  guard 2.50%\n",
        "\n  cloud: CorporateAccount, CorporateAccountCollection, by ObjectID\n",
        "\n  erp: DEBMAS06, DEBMAS, deleted where MSGFN is 003\n",
        /* What is read: all that is mapped, keys of lists, the date of changes. */
        "\n    $select=ObjectID,AccountID,ChangedOn,City,Name,NielsenRegionCode,"
        "Phone,RoleCode,CorporateAccountSalesData/ObjectID,"
        "CorporateAccountSalesData/DistributionChannelCode,"
        "CorporateAccountSalesData/DivisionCode,"
        "CorporateAccountSalesData/PaymentTermsCode,"
        "CorporateAccountSalesData/SalesOrganisationID\n",
        "\n    $expand=CorporateAccountSalesData\n",
    };
    struct arena *a = arena_new();
    const char *text = dump(a, "tests/unit/data/decisions.map");

    for (size_t i = 0; i < CHECK_ROWS(lines); i++)
        if (strstr(text, lines[i]) == NULL)
            check_fail(__FILE__, __LINE__, "not in the plan: %s", lines[i]);
    CHECK(strstr(text, "create erp") == NULL);
    arena_free(a);
}

CHECK_MAIN({ "decisions reach the plan", words })
