/* Map Partner of tests.small. Made by mapc: change the map, not this file. */
#include "partner.h"

#include "codes.h"
#include "functions.h"

/* --- records on the wire --- */

/* clang-format off */
static const struct mr_member partner_shop_Contacts_read[] = {
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, ID) },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, Name) },
};

static const uint16_t partner_shop_Contacts_slots[4] = {
    [0] = 2, [2] = 1,
};

static const struct mr_member partner_shop_Contacts_write[] = {
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, ID), .open = "\"ID\":",
      .close = "", .open_n = 5, .close_n = 0 },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, Name),
      .open = "\"Name\":", .close = "", .open_n = 7, .close_n = 0 },
};

static const struct mr_shape partner_shop_Contacts_shape = {
    .name = "shop.Contacts",
    .size = sizeof(struct partner_shop_Contacts),
    .n_read = 2,
    .read = partner_shop_Contacts_read,
    .lookup = {
        .seed = 0xe220a8397b1dcdaf,
        .shift = 62,
        .slots = partner_shop_Contacts_slots,
    },
    .n_write = 2,
    .write = partner_shop_Contacts_write,
};

static const struct mr_member partner_shop_read[] = {
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ID) },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Name) },
    { .name = "Country", .name_n = 7, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Country) },
    { .name = "Class", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Class) },
    { .name = "Contacts", .name_n = 8, .kind = MR_MANY,
      .offset = offsetof(struct partner_shop, Contacts),
      .shape = &partner_shop_Contacts_shape },
};

static const uint16_t partner_shop_slots[16] = {
    [3] = 2, [9] = 1, [10] = 3, [11] = 4, [13] = 5,
};

static const struct mr_member partner_shop_write[] = {
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ID), .open = "\"ID\":",
      .close = "", .open_n = 5, .close_n = 0 },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Name), .open = "\"Name\":",
      .close = "", .open_n = 7, .close_n = 0 },
    { .name = "Class", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Class), .open = "\"Class\":",
      .close = "", .open_n = 8, .close_n = 0 },
    { .name = "Contacts", .name_n = 8, .kind = MR_MANY,
      .offset = offsetof(struct partner_shop, Contacts),
      .shape = &partner_shop_Contacts_shape, .open = "\"Contacts\":",
      .close = "", .open_n = 11, .close_n = 0 },
};

static const struct mr_shape partner_shop_shape = {
    .name = "shop",
    .size = sizeof(struct partner_shop),
    .n_read = 5,
    .read = partner_shop_read,
    .lookup = {
        .seed = 0xe220a8397b1dcdaf,
        .shift = 60,
        .slots = partner_shop_slots,
    },
    .n_write = 4,
    .write = partner_shop_write,
};

static const struct mr_member partner_erp_E1CONT_read[] = {
    { .name = "PARNR", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1CONT, PARNR) },
    { .name = "NAMEV", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1CONT, NAMEV) },
    { .name = "PAFKT", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1CONT, PAFKT) },
};

static const uint16_t partner_erp_E1CONT_slots[8] = {
    [2] = 3, [3] = 1, [4] = 2,
};

static const struct mr_member partner_erp_E1CONT_write[] = {
    { .name = "PARNR", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1CONT, PARNR), .open = "<PARNR>",
      .close = "</PARNR>", .open_n = 7, .close_n = 8 },
    { .name = "NAMEV", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1CONT, NAMEV), .open = "<NAMEV>",
      .close = "</NAMEV>", .open_n = 7, .close_n = 8 },
};

static const struct mr_shape partner_erp_E1CONT_shape = {
    .name = "erp.E1CONT",
    .size = sizeof(struct partner_erp_E1CONT),
    .n_read = 3,
    .read = partner_erp_E1CONT_read,
    .lookup = {
        .seed = 0x06c45d188009454f,
        .shift = 61,
        .slots = partner_erp_E1CONT_slots,
    },
    .n_write = 2,
    .write = partner_erp_E1CONT_write,
};

static const struct mr_member partner_erp_E1TAX_write[] = {
    { .name = "TAXTYPE", .name_n = 7, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1TAX, TAXTYPE),
      .open = "<TAXTYPE>", .close = "</TAXTYPE>", .open_n = 9, .close_n = 10 },
    { .name = "TAXNUM", .name_n = 6, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1TAX, TAXNUM),
      .open = "<TAXNUM>", .close = "</TAXNUM>", .open_n = 8, .close_n = 9 },
};

static const struct mr_shape partner_erp_E1TAX_shape = {
    .name = "erp.E1TAX",
    .size = sizeof(struct partner_erp_E1TAX),
    .n_write = 2,
    .write = partner_erp_E1TAX_write,
};

static const struct mr_member partner_erp_read[] = {
    { .name = "KUNNR", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KUNNR) },
    { .name = "NAME1", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME1) },
    { .name = "NAME2", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME2) },
    { .name = "KUKLA", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KUKLA) },
    { .name = "KTOKD", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KTOKD) },
    { .name = "E1CONT", .name_n = 6, .kind = MR_MANY,
      .offset = offsetof(struct partner_erp, E1CONT),
      .shape = &partner_erp_E1CONT_shape },
};

static const uint16_t partner_erp_slots[16] = {
    [0] = 1, [1] = 4, [2] = 3, [5] = 6, [10] = 2, [15] = 5,
};

static const struct mr_member partner_erp_write[] = {
    { .name = "KUNNR", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KUNNR), .open = "<KUNNR>",
      .close = "</KUNNR>", .open_n = 7, .close_n = 8 },
    { .name = "NAME1", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME1), .open = "<NAME1>",
      .close = "</NAME1>", .open_n = 7, .close_n = 8 },
    { .name = "NAME2", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME2), .open = "<NAME2>",
      .close = "</NAME2>", .open_n = 7, .close_n = 8 },
    { .name = "KUKLA", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KUKLA), .open = "<KUKLA>",
      .close = "</KUKLA>", .open_n = 7, .close_n = 8 },
    { .name = "KTOKD", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KTOKD), .open = "<KTOKD>",
      .close = "</KTOKD>", .open_n = 7, .close_n = 8 },
    { .name = "E1CONT", .name_n = 6, .kind = MR_MANY,
      .offset = offsetof(struct partner_erp, E1CONT),
      .shape = &partner_erp_E1CONT_shape, .open = "<E1CONT SEGMENT=\"1\">",
      .close = "</E1CONT>", .open_n = 20, .close_n = 9 },
    { .name = "E1TAX", .name_n = 5, .kind = MR_MANY,
      .offset = offsetof(struct partner_erp, E1TAX),
      .shape = &partner_erp_E1TAX_shape, .open = "<E1TAX SEGMENT=\"1\">",
      .close = "</E1TAX>", .open_n = 19, .close_n = 8 },
};

static const struct mr_shape partner_erp_shape = {
    .name = "erp",
    .size = sizeof(struct partner_erp),
    .n_read = 6,
    .read = partner_erp_read,
    .lookup = {
        .seed = 0xf88bb8a8724c81ed,
        .shift = 60,
        .slots = partner_erp_slots,
    },
    .n_write = 7,
    .write = partner_erp_write,
};

static const struct mr_doc partner_shop_doc = {
    .system = "shop",
    .format = MR_ODATA2,
    .shape = &partner_shop_shape,
    .namespaces = (const char *const[]) {
        "", NULL,
    },
    .n_namespaces = 1,
    .head = "",
    .before = "",
    .after = "",
    .tail = "",
};

static const struct mr_member partner_erp_doc_path[] = {
    { .name = "PARTNER1", .name_n = 8, .kind = MR_ONE },
    { .name = "IDOC", .name_n = 4, .kind = MR_ONE },
    { .name = "E1HEAD", .name_n = 6, .kind = MR_ONE },
};

static const struct mr_doc partner_erp_doc = {
    .system = "erp",
    .format = MR_IDOC,
    .shape = &partner_erp_shape,
    .path = partner_erp_doc_path,
    .n_path = 3,
    .namespaces = (const char *const[]) {
        "", NULL,
    },
    .n_namespaces = 1,
    .head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PARTNER1>",
    .before = "<IDOC BEGIN=\"1\"><EDI_DC40 "
              "SEGMENT=\"1\"><TABNAM>EDI_DC40</TABNAM><DIRECT>2</DIRECT><IDOCT"
              "YP>PARTNER1</IDOCTYP><MESTYP>PARTNER</MESTYP></EDI_DC40><E1HEAD"
              " SEGMENT=\"1\">",
    .after = "</E1HEAD></IDOC>",
    .tail = "</PARTNER1>",
    .nodata = "/",
};

static const struct mr_picked erp_E1TAX_K_TAXNUM = {
    .rows = offsetof(struct partner_erp, E1TAX),
    .size = sizeof(struct partner_erp_E1TAX),
    .key = offsetof(struct partner_erp_E1TAX, TAXTYPE),
    .field = offsetof(struct partner_erp_E1TAX, TAXNUM),
    .equals = "K",
    .equals_n = 1,
};

/* clang-format on */

/* --- what rules read and write --- */

static const struct mr_field erp_KUNNR_reads[] = {
    {
        .name = "shop.ID",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, ID),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
        .form = "9",
    },
};

static const struct mr_target to_erp_KUNNR = {
    .at = "case.map:14",
    .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
    .field = "erp.KUNNR",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .reads = erp_KUNNR_reads,
    .n_reads = 1,
};

static const struct mr_field shop_ID_reads[] = {
    {
        .name = "erp.KUNNR",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, KUNNR),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target to_shop_ID = {
    .at = "case.map:14",
    .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
    .field = "shop.ID",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .required = true,
    .reads = shop_ID_reads,
    .n_reads = 1,
};

static const struct mr_field erp_NAME1_reads[] = {
    {
        .name = "shop.Name",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Name),
        .type = MR_TYPE_TEXT,
        .max_chars = 70,
    },
};

static const struct mr_target to_erp_NAME1 = {
    .at = "case.map:17",
    .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
    .field = "erp.NAME1",
    .type = MR_TYPE_TEXT,
    .max_chars = 35,
    .fate = MR_FATE_PARK,
    .reads = erp_NAME1_reads,
    .n_reads = 1,
};

static const struct mr_target to_erp_NAME2 = {
    .at = "case.map:17",
    .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
    .field = "erp.NAME2",
    .type = MR_TYPE_TEXT,
    .max_chars = 35,
    .fate = MR_FATE_PARK,
    .reads = erp_NAME1_reads,
    .n_reads = 1,
};

static const struct mr_field shop_Name_reads[] = {
    {
        .name = "erp.NAME1",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, NAME1),
        .type = MR_TYPE_TEXT,
        .max_chars = 35,
    },
    {
        .name = "erp.NAME2",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, NAME2),
        .type = MR_TYPE_TEXT,
        .max_chars = 35,
    },
};

static const struct mr_target to_shop_Name = {
    .at = "case.map:17",
    .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
    .field = "shop.Name",
    .type = MR_TYPE_TEXT,
    .max_chars = 70,
    .fate = MR_FATE_PARK,
    .reads = shop_Name_reads,
    .n_reads = 2,
};

static const struct mr_field erp_KUKLA_reads[] = {
    {
        .name = "shop.Class",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Class),
        .type = MR_TYPE_TEXT,
        .max_chars = 1,
        .codes = &codes_Class.right,
    },
};

static const struct mr_target to_erp_KUKLA = {
    .at = "case.map:18",
    .rule = "shop.Class <-> erp.KUKLA : codes Class else park",
    .field = "erp.KUKLA",
    .type = MR_TYPE_TEXT,
    .max_chars = 2,
    .fate = MR_FATE_PARK,
    .reads = erp_KUKLA_reads,
    .n_reads = 1,
};

static const struct mr_field shop_Class_reads[] = {
    {
        .name = "erp.KUKLA",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, KUKLA),
        .type = MR_TYPE_TEXT,
        .max_chars = 2,
        .codes = &codes_Class.left,
    },
};

static const struct mr_target to_shop_Class = {
    .at = "case.map:18",
    .rule = "shop.Class <-> erp.KUKLA : codes Class else park",
    .field = "shop.Class",
    .type = MR_TYPE_TEXT,
    .max_chars = 1,
    .fate = MR_FATE_PARK,
    .reads = shop_Class_reads,
    .n_reads = 1,
};

static const struct mr_field erp_KTOKD_reads[] = {
    {
        .name = "shop.Name",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Name),
        .type = MR_TYPE_TEXT,
        .max_chars = 70,
    },
    {
        .name = "shop.Country",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Country),
        .type = MR_TYPE_TEXT,
        .max_chars = 2,
    },
    {
        .name = "shop.Class",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Class),
        .type = MR_TYPE_TEXT,
        .max_chars = 1,
    },
};

static const struct mr_target to_erp_KTOKD = {
    .at = "case.map:19",
    .rule = "left(label(shop.Name, shop.Country), 4) -> erp.KTOKD : upper "
            "when shop.Class = \"B\"",
    .field = "erp.KTOKD",
    .type = MR_TYPE_TEXT,
    .max_chars = 4,
    .fate = MR_FATE_PARK,
    .reads = erp_KTOKD_reads,
    .n_reads = 3,
};

static const struct mr_target to_erp_E1TAX_K_TAXNUM = {
    .at = "case.map:20",
    .rule = "\"NUMBER\" -> erp.E1TAX[TAXTYPE = \"K\"].TAXNUM",
    .field = "erp.E1TAX[TAXTYPE = \"K\"].TAXNUM",
    .type = MR_TYPE_TEXT,
    .max_chars = 20,
    .fate = MR_FATE_PARK,
};

static const struct mr_field erp_E1CONT_PARNR_reads[] = {
    {
        .name = "shop.ID",
        .at = offsetof(struct partner_at, shop_Contacts),
        .field = offsetof(struct partner_shop_Contacts, ID),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
        .form = "9",
    },
};

static const struct mr_target to_erp_E1CONT_PARNR = {
    .at = "case.map:21",
    .rule = "shop.ID <-> erp.PARNR : alpha(10)",
    .field = "erp.PARNR",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .reads = erp_E1CONT_PARNR_reads,
    .n_reads = 1,
};

static const struct mr_field shop_Contacts_ID_reads[] = {
    {
        .name = "erp.PARNR",
        .at = offsetof(struct partner_at, erp_E1CONT),
        .field = offsetof(struct partner_erp_E1CONT, PARNR),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target to_shop_Contacts_ID = {
    .at = "case.map:21",
    .rule = "shop.ID <-> erp.PARNR : alpha(10)",
    .field = "shop.ID",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .required = true,
    .reads = shop_Contacts_ID_reads,
    .n_reads = 1,
};

static const struct mr_field erp_E1CONT_NAMEV_reads[] = {
    {
        .name = "shop.Name",
        .at = offsetof(struct partner_at, shop_Contacts),
        .field = offsetof(struct partner_shop_Contacts, Name),
        .type = MR_TYPE_TEXT,
        .max_chars = 40,
    },
};

static const struct mr_target to_erp_E1CONT_NAMEV = {
    .at = "case.map:22",
    .rule = "shop.Name <-> erp.NAMEV : max(35) else keep",
    .field = "erp.NAMEV",
    .type = MR_TYPE_TEXT,
    .max_chars = 35,
    .fate = MR_FATE_KEEP,
    .reads = erp_E1CONT_NAMEV_reads,
    .n_reads = 1,
};

static const struct mr_field shop_Contacts_Name_reads[] = {
    {
        .name = "erp.NAMEV",
        .at = offsetof(struct partner_at, erp_E1CONT),
        .field = offsetof(struct partner_erp_E1CONT, NAMEV),
        .type = MR_TYPE_TEXT,
        .max_chars = 35,
    },
};

static const struct mr_target to_shop_Contacts_Name = {
    .at = "case.map:22",
    .rule = "shop.Name <-> erp.NAMEV : max(35) else keep",
    .field = "shop.Name",
    .type = MR_TYPE_TEXT,
    .max_chars = 40,
    .fate = MR_FATE_KEEP,
    .reads = shop_Contacts_Name_reads,
    .n_reads = 1,
};

/* clang-format off */
static const struct mr_target *const partner_to_erp_targets[] = {
    &to_erp_KUNNR, &to_erp_NAME1, &to_erp_NAME2, &to_erp_KUKLA, &to_erp_KTOKD,
    &to_erp_E1TAX_K_TAXNUM, &to_erp_E1CONT_PARNR, &to_erp_E1CONT_NAMEV,
};

static const struct mr_target *const partner_to_shop_targets[] = {
    &to_shop_ID, &to_shop_Name, &to_shop_Class, &to_shop_Contacts_ID,
    &to_shop_Contacts_Name,
};

/* clang-format on */

/* --- rules --- */

/* case.map:14  shop.ID <-> erp.KUNNR : alpha(10) */
static void
set_erp_KUNNR(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_KUNNR, &at->erp->KUNNR,
           mr_alpha_right(cx, at->shop->ID, 10));
}

/* case.map:14  shop.ID <-> erp.KUNNR : alpha(10) */
static void
set_shop_ID(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_ID, &at->shop->ID,
           mr_alpha_left(cx, at->erp->KUNNR, 10));
}

/* case.map:17  shop.Name <-> erp.NAME1 + erp.NAME2 : split(35) */
static void
set_erp_NAME1(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;
    struct mr_val parts[2];

    mr_split_right(cx, at->shop->Name, 35, parts, 2);
    mr_put(cx, &to_erp_NAME1, &at->erp->NAME1, parts[0]);
    mr_put(cx, &to_erp_NAME2, &at->erp->NAME2, parts[1]);
}

/* case.map:17  shop.Name <-> erp.NAME1 + erp.NAME2 : split(35) */
static void
set_shop_Name(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;
    struct mr_val parts[2] = {
        at->erp->NAME1,
        at->erp->NAME2,
    };

    mr_put(cx, &to_shop_Name, &at->shop->Name, mr_split_left(cx, parts, 2, 35));
}

/* case.map:18  shop.Class <-> erp.KUKLA : codes Class else park */
static void
set_erp_KUKLA(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_KUKLA, &at->erp->KUKLA,
           mr_codes_right(cx, &codes_Class, at->shop->Class, mr_missing()));
}

/* case.map:18  shop.Class <-> erp.KUKLA : codes Class else park */
static void
set_shop_Class(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_Class, &at->shop->Class,
           mr_codes_left(cx, &codes_Class, at->erp->KUKLA, mr_missing()));
}

/* case.map:19  left(label(shop.Name, shop.Country), 4) -> erp.KTOKD : upper
 * when shop.Class = "B" */
static void
set_erp_KTOKD(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;
    struct mr_val v =
        mr_left(cx, function_label(cx, at->shop->Name, at->shop->Country), 4);

    if (!mr_holds(cx, &to_erp_KTOKD, mr_text_eq(at->shop->Class, mr_text("B"))))
        return;
    v = mr_upper(cx, v);
    mr_put(cx, &to_erp_KTOKD, &at->erp->KTOKD, v);
}

/* case.map:20  "NUMBER" -> erp.E1TAX[TAXTYPE = "K"].TAXNUM */
static void
set_erp_E1TAX_K_TAXNUM(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put_picked(cx, &to_erp_E1TAX_K_TAXNUM, at->erp, &erp_E1TAX_K_TAXNUM,
                  mr_text("NUMBER"));
}

/* case.map:21  shop.ID <-> erp.PARNR : alpha(10) */
static void
set_erp_E1CONT_PARNR(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_E1CONT_PARNR, &at->erp_E1CONT->PARNR,
           mr_alpha_right(cx, at->shop_Contacts->ID, 10));
}

/* case.map:21  shop.ID <-> erp.PARNR : alpha(10) */
static void
set_shop_Contacts_ID(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_Contacts_ID, &at->shop_Contacts->ID,
           mr_alpha_left(cx, at->erp_E1CONT->PARNR, 10));
}

/* case.map:22  shop.Name <-> erp.NAMEV : max(35) else keep */
static void
set_erp_E1CONT_NAMEV(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_E1CONT_NAMEV, &at->erp_E1CONT->NAMEV,
           mr_max(cx, at->shop_Contacts->Name, 35));
}

/* case.map:22  shop.Name <-> erp.NAMEV : max(35) else keep */
static void
set_shop_Contacts_Name(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_Contacts_Name, &at->shop_Contacts->Name,
           mr_max(cx, at->erp_E1CONT->NAMEV, 35));
}

/* --- directions --- */

/* case.map:21  each shop.Contacts <-> erp.E1CONT */
static void
Contacts_to_erp(struct mr_cx *cx, struct partner_at *at)
{
    struct mr_rows *from = &at->shop->Contacts;
    struct mr_rows *to = &at->erp->E1CONT;

    mr_rows_begin(to, from);
    for (uint32_t i = 0; i < from->n; i++) {
        at->shop_Contacts = mr_row(from, i, sizeof *at->shop_Contacts);
        at->erp_E1CONT = mr_row_add(cx, to, sizeof *at->erp_E1CONT);
        if (at->erp_E1CONT == NULL)
            return;
        set_erp_E1CONT_PARNR(cx, at);
        set_erp_E1CONT_NAMEV(cx, at);
    }
}

/* Partner: from shop to erp */
static void
partner_to_erp(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    set_erp_KUNNR(cx, at);
    set_erp_NAME1(cx, at);
    set_erp_KUKLA(cx, at);
    set_erp_KTOKD(cx, at);
    set_erp_E1TAX_K_TAXNUM(cx, at);
    Contacts_to_erp(cx, at);
}

static const struct mr_flow partner_to_erp_flow = {
    .from = &partner_shop_doc,
    .to = &partner_erp_doc,
    .run = partner_to_erp,
    .targets = partner_to_erp_targets,
    .n_targets = 8,
};

static const struct mr_target where_erp_2 = {
    .at = "case.map:21",
    .rule = "erp.PAFKT <> \"99\"",
    .field = "where",
    .type = MR_TYPE_BOOL,
    .fate = MR_FATE_PARK,
};

/* case.map:21  each shop.Contacts <-> erp.E1CONT */
static void
Contacts_to_shop(struct mr_cx *cx, struct partner_at *at)
{
    struct mr_rows *from = &at->erp->E1CONT;
    struct mr_rows *to = &at->shop->Contacts;

    mr_rows_begin(to, from);
    for (uint32_t i = 0; i < from->n; i++) {
        at->erp_E1CONT = mr_row(from, i, sizeof *at->erp_E1CONT);
        if (!mr_holds(cx, &where_erp_2,
                      mr_text_ne(at->erp_E1CONT->PAFKT, mr_text("99"))))
            continue;
        at->shop_Contacts = mr_row_add(cx, to, sizeof *at->shop_Contacts);
        if (at->shop_Contacts == NULL)
            return;
        set_shop_Contacts_ID(cx, at);
        set_shop_Contacts_Name(cx, at);
    }
}

static const struct mr_target where_erp = {
    .at = "case.map:15",
    .rule = "erp.KTOKD in (\"0001\", \"0002\")",
    .field = "where",
    .type = MR_TYPE_BOOL,
    .fate = MR_FATE_PARK,
};

/* case.map:15  where erp.KTOKD in ("0001", "0002") */
static bool
takes_part_to_shop(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    if (!mr_holds(cx, &where_erp,
                  mr_or(mr_text_eq(at->erp->KTOKD, mr_text("0001")),
                        mr_text_eq(at->erp->KTOKD, mr_text("0002")))))
        return false;
    return true;
}

/* Partner: from erp to shop */
static void
partner_to_shop(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    set_shop_ID(cx, at);
    set_shop_Name(cx, at);
    set_shop_Class(cx, at);
    Contacts_to_shop(cx, at);
}

static const struct mr_flow partner_to_shop_flow = {
    .from = &partner_erp_doc,
    .to = &partner_shop_doc,
    .takes = takes_part_to_shop,
    .run = partner_to_shop,
    .targets = partner_to_shop_targets,
    .n_targets = 5,
};

static const struct mr_frame_slot frame_slots[] = {
    { offsetof(struct partner_at, shop), sizeof(struct partner_shop) },
    { offsetof(struct partner_at, erp), sizeof(struct partner_erp) },
    { offsetof(struct partner_at, shop_Contacts),
      sizeof(struct partner_shop_Contacts) },
    { offsetof(struct partner_at, erp_E1CONT),
      sizeof(struct partner_erp_E1CONT) },
};

static const struct mr_pair pairs[] = {
    {
        .at = "case.map:14",
        .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
        .canonical = true,
        .promise = "canonical",
        .left_changes = "zeros in front of digits",
        .left_by = "alpha(10)",
        .right_changes = "digits that are not filled up",
        .right_by = "alpha(10)",
        .made_left = true,
        .left = erp_KUNNR_reads,
        .n_left = 1,
        .right = shop_ID_reads,
        .n_right = 1,
        .to_right = set_erp_KUNNR,
        .to_left = set_shop_ID,
    },
    {
        .at = "case.map:17",
        .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
        .canonical = true,
        .promise = "canonical",
        .right_changes = "parts that are cut at other places",
        .right_by = "split(35)",
        .made_left = true,
        .left = erp_NAME1_reads,
        .n_left = 1,
        .right = shop_Name_reads,
        .n_right = 2,
        .to_right = set_erp_NAME1,
        .to_left = set_shop_Name,
    },
    {
        .at = "case.map:18",
        .rule = "shop.Class <-> erp.KUKLA : codes Class else park",
        .promise = "exact on its domain",
        .made_left = true,
        .made_right = true,
        .left = erp_KUKLA_reads,
        .n_left = 1,
        .right = shop_Class_reads,
        .n_right = 1,
        .to_right = set_erp_KUKLA,
        .to_left = set_shop_Class,
    },
    {
        .at = "case.map:21",
        .rule = "shop.ID <-> erp.PARNR : alpha(10)",
        .canonical = true,
        .promise = "canonical",
        .left_changes = "zeros in front of digits",
        .left_by = "alpha(10)",
        .right_changes = "digits that are not filled up",
        .right_by = "alpha(10)",
        .made_left = true,
        .left = erp_E1CONT_PARNR_reads,
        .n_left = 1,
        .right = shop_Contacts_ID_reads,
        .n_right = 1,
        .to_right = set_erp_E1CONT_PARNR,
        .to_left = set_shop_Contacts_ID,
    },
    {
        .at = "case.map:22",
        .rule = "shop.Name <-> erp.NAMEV : max(35) else keep",
        .promise = "exact on its domain",
        .made_left = true,
        .left = erp_E1CONT_NAMEV_reads,
        .n_left = 1,
        .right = shop_Contacts_Name_reads,
        .n_right = 1,
        .to_right = set_erp_E1CONT_NAMEV,
        .to_left = set_shop_Contacts_Name,
    },
};

const struct mr_map map_partner = {
    .name = "Partner",
    .title = "shop.Partner, erp.PARTNER1.IDOC.E1HEAD",
    .to_right = &partner_to_erp_flow,
    .to_left = &partner_to_shop_flow,
    .left = "shop",
    .right = "erp",
    .frame_size = sizeof(struct partner_at),
    .frame = frame_slots,
    .n_frame = 4,
    .pairs = pairs,
    .n_pairs = 5,
};
