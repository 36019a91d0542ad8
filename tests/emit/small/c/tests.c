/* Tests of tests.small. Made by mapc: change the map, not this file. */
#include "mr/gen.h"

#include "partner.h"

extern const struct mr_test *const tests[2];

/* case.map:26  "a name is split" */
static bool
fill_test_2(struct mr_cx *cx, void *from)
{
    struct partner_shop *shop = from;

    shop->ID = mr_text("1");
    shop->Name = mr_text("Muster Maschinenbau und Anlagentechnik");
    {
        struct partner_shop_Contacts *row =
            mr_row_add(cx, &shop->Contacts, sizeof *row);

        if (row == NULL)
            return false;
        row->ID = mr_text("5");
        row->Name = mr_text("Erika Muster");
    }
    return true;
}

static void
compare_test_2(struct mr_check *check, const void *to)
{
    const struct partner_erp *erp = to;

    mr_expect(check, "erp.KUNNR", erp->KUNNR, mr_text("0000000001"));
    mr_expect(check, "erp.NAME1", erp->NAME1,
              mr_text("Muster Maschinenbau und"));
    mr_expect(check, "erp.NAME2", erp->NAME2, mr_text("Anlagentechnik"));
    if (mr_expect_count(check, "erp.E1CONT", erp->E1CONT.n, 1)) {
        {
            const struct partner_erp_E1CONT *row =
                mr_row(&erp->E1CONT, 0, sizeof *row);

            mr_expect(check, "erp.E1CONT 1.PARNR", row->PARNR,
                      mr_text("0000000005"));
            mr_expect(check, "erp.E1CONT 1.NAMEV", row->NAMEV,
                      mr_text("Erika Muster"));
        }
    }
}

static const struct mr_test test_2 = {
    .at = "case.map:26",
    .title = "a name is split",
    .map = &map_partner,
    .to_right = true,
    .fill = fill_test_2,
    .compare = compare_test_2,
    .outcome = MR_OUTCOME_RECORD,
};

/* case.map:26  "a name is split" */
static bool
fill_test_3(struct mr_cx *cx, void *from)
{
    struct partner_erp *erp = from;

    erp->KUNNR = mr_text("0000000001");
    erp->NAME1 = mr_text("Muster Maschinenbau und");
    erp->NAME2 = mr_text("Anlagentechnik");
    {
        struct partner_erp_E1CONT *row =
            mr_row_add(cx, &erp->E1CONT, sizeof *row);

        if (row == NULL)
            return false;
        row->PARNR = mr_text("0000000005");
        row->NAMEV = mr_text("Erika Muster");
    }
    return true;
}

static void
compare_test_3(struct mr_check *check, const void *to)
{
    const struct partner_shop *shop = to;

    mr_expect(check, "shop.ID", shop->ID, mr_text("1"));
    mr_expect(check, "shop.Name", shop->Name,
              mr_text("Muster Maschinenbau und Anlagentechnik"));
    if (mr_expect_count(check, "shop.Contacts", shop->Contacts.n, 1)) {
        {
            const struct partner_shop_Contacts *row =
                mr_row(&shop->Contacts, 0, sizeof *row);

            mr_expect(check, "shop.Contacts 1.ID", row->ID, mr_text("5"));
            mr_expect(check, "shop.Contacts 1.Name", row->Name,
                      mr_text("Erika Muster"));
        }
    }
}

static const struct mr_test test_3 = {
    .at = "case.map:26",
    .title = "a name is split",
    .map = &map_partner,
    .fill = fill_test_3,
    .compare = compare_test_3,
    .outcome = MR_OUTCOME_RECORD,
};

const struct mr_test *const tests[2] = {
    &test_2,
    &test_3,
};
