/* Map Partner of tests.replicated. Made by mapc: change the map, not this
 * file. */
#include "partner.h"

/* --- records on the wire --- */

/* clang-format off */
static const struct mr_member partner_shop_Contacts_read[] = {
    { .name = "ObjectID", .name_n = 8, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, ObjectID) },
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, ID) },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_Contacts, Name) },
};

static const uint16_t partner_shop_Contacts_slots[8] = {
    [0] = 1, [1] = 3, [4] = 2,
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
    .n_read = 3,
    .read = partner_shop_Contacts_read,
    .lookup = {
        .seed = 0xe220a8397b1dcdaf,
        .shift = 61,
        .slots = partner_shop_Contacts_slots,
    },
    .n_write = 2,
    .write = partner_shop_Contacts_write,
    .set = "ContactCollection",
    .id = offsetof(struct partner_shop_Contacts, ObjectID),
};

static const struct mr_member partner_shop_metadata_read[] = {
    { .name = "etag", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop_metadata, etag) },
};

static const uint16_t partner_shop_metadata_slots[2] = {
    [1] = 1,
};

static const struct mr_shape partner_shop_metadata_shape = {
    .name = "shop.__metadata",
    .size = sizeof(struct partner_shop_metadata),
    .n_read = 1,
    .read = partner_shop_metadata_read,
    .lookup = {
        .seed = 0xe220a8397b1dcdaf,
        .shift = 63,
        .slots = partner_shop_metadata_slots,
    },
};

static const struct mr_member partner_shop_read[] = {
    { .name = "ObjectID", .name_n = 8, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ObjectID) },
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ID) },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Name) },
    { .name = "Status", .name_n = 6, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Status) },
    { .name = "ParentID", .name_n = 8, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ParentID) },
    { .name = "ChangedOn", .name_n = 9, .kind = MR_VALUE,
      .wire = MR_WIRE_DATETIME_TICKS,
      .offset = offsetof(struct partner_shop, ChangedOn) },
    { .name = "Contacts", .name_n = 8, .kind = MR_MANY,
      .offset = offsetof(struct partner_shop, Contacts),
      .shape = &partner_shop_Contacts_shape },
    { .name = "__metadata", .name_n = 10, .kind = MR_ONE,
      .offset = offsetof(struct partner_shop, metadata),
      .shape = &partner_shop_metadata_shape },
};

static const uint16_t partner_shop_slots[16] = {
    [2] = 1, [4] = 5, [5] = 3, [6] = 7, [8] = 6, [9] = 8, [10] = 2, [12] = 4,
};

static const struct mr_member partner_shop_write[] = {
    { .name = "ID", .name_n = 2, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ID), .open = "\"ID\":",
      .close = "", .open_n = 5, .close_n = 0 },
    { .name = "Name", .name_n = 4, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Name), .open = "\"Name\":",
      .close = "", .open_n = 7, .close_n = 0 },
    { .name = "Status", .name_n = 6, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, Status), .open = "\"Status\":",
      .close = "", .open_n = 9, .close_n = 0 },
    { .name = "ParentID", .name_n = 8, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_shop, ParentID),
      .open = "\"ParentID\":", .close = "", .open_n = 11, .close_n = 0 },
    { .name = "Contacts", .name_n = 8, .kind = MR_MANY,
      .offset = offsetof(struct partner_shop, Contacts),
      .shape = &partner_shop_Contacts_shape, .open = "\"Contacts\":",
      .close = "", .open_n = 11, .close_n = 0 },
};

static const struct mr_shape partner_shop_shape = {
    .name = "shop",
    .size = sizeof(struct partner_shop),
    .n_read = 8,
    .read = partner_shop_read,
    .lookup = {
        .seed = 0x06c45d188009454f,
        .shift = 60,
        .slots = partner_shop_slots,
    },
    .n_write = 5,
    .write = partner_shop_write,
    .set = "PartnerCollection",
    .id = offsetof(struct partner_shop, ObjectID),
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
};

static const struct mr_member partner_erp_E1TAX_read[] = {
    { .name = "TAXTYPE", .name_n = 7, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1TAX, TAXTYPE) },
    { .name = "TAXNUM", .name_n = 6, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp_E1TAX, TAXNUM) },
};

static const uint16_t partner_erp_E1TAX_slots[4] = {
    [1] = 1, [3] = 2,
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
    .n_read = 2,
    .read = partner_erp_E1TAX_read,
    .lookup = {
        .seed = 0x6e789e6aa1b965f5,
        .shift = 62,
        .slots = partner_erp_E1TAX_slots,
    },
    .n_write = 2,
    .write = partner_erp_E1TAX_write,
};

static const struct mr_member partner_erp_read[] = {
    { .name = "MSGFN", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, MSGFN) },
    { .name = "KUNNR", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KUNNR) },
    { .name = "NAME1", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME1) },
    { .name = "NAME2", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME2) },
    { .name = "KTOKD", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KTOKD) },
    { .name = "KONZS", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KONZS) },
    { .name = "E1CONT", .name_n = 6, .kind = MR_MANY,
      .offset = offsetof(struct partner_erp, E1CONT),
      .shape = &partner_erp_E1CONT_shape },
    { .name = "E1TAX", .name_n = 5, .kind = MR_MANY,
      .offset = offsetof(struct partner_erp, E1TAX),
      .shape = &partner_erp_E1TAX_shape },
};

static const uint16_t partner_erp_slots[16] = {
    [1] = 4, [3] = 5, [4] = 7, [6] = 3, [7] = 1, [8] = 6, [13] = 8, [14] = 2,
};

static const struct mr_member partner_erp_write[] = {
    { .name = "MSGFN", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, MSGFN), .open = "<MSGFN>",
      .close = "</MSGFN>", .open_n = 7, .close_n = 8 },
    { .name = "KUNNR", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KUNNR), .open = "<KUNNR>",
      .close = "</KUNNR>", .open_n = 7, .close_n = 8 },
    { .name = "NAME1", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME1), .open = "<NAME1>",
      .close = "</NAME1>", .open_n = 7, .close_n = 8 },
    { .name = "NAME2", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, NAME2), .open = "<NAME2>",
      .close = "</NAME2>", .open_n = 7, .close_n = 8 },
    { .name = "KONZS", .name_n = 5, .kind = MR_VALUE, .wire = MR_WIRE_TEXT,
      .offset = offsetof(struct partner_erp, KONZS), .open = "<KONZS>",
      .close = "</KONZS>", .open_n = 7, .close_n = 8 },
    { .name = "E1TAX", .name_n = 5, .kind = MR_MANY,
      .offset = offsetof(struct partner_erp, E1TAX),
      .shape = &partner_erp_E1TAX_shape, .open = "<E1TAX SEGMENT=\"1\">",
      .close = "</E1TAX>", .open_n = 19, .close_n = 8 },
};

static const struct mr_shape partner_erp_shape = {
    .name = "erp",
    .size = sizeof(struct partner_erp),
    .n_read = 8,
    .read = partner_erp_read,
    .lookup = {
        .seed = 0xe220a8397b1dcdaf,
        .shift = 60,
        .slots = partner_erp_slots,
    },
    .n_write = 6,
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

static const struct mr_picked erp_E1TAX_S_TAXNUM = {
    .rows = offsetof(struct partner_erp, E1TAX),
    .size = sizeof(struct partner_erp_E1TAX),
    .key = offsetof(struct partner_erp_E1TAX, TAXTYPE),
    .field = offsetof(struct partner_erp_E1TAX, TAXNUM),
    .equals = "S",
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
    .at = "case.map:10",
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
    .at = "case.map:10",
    .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
    .field = "shop.ID",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .never_empty = true,
    .reads = shop_ID_reads,
    .n_reads = 1,
};

static const struct mr_target to_erp_MSGFN = {
    .at = "case.map:18",
    .rule = "\"005\" -> erp.MSGFN",
    .field = "erp.MSGFN",
    .type = MR_TYPE_TEXT,
    .max_chars = 3,
    .fate = MR_FATE_PARK,
};

static const struct mr_field erp_KONZS_reads[] = {
    {
        .name = "shop.ParentID",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, ParentID),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target to_erp_KONZS = {
    .at = "case.map:19",
    .rule = "shop.ParentID <-> erp.KONZS : ref Partner",
    .field = "erp.KONZS",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .reads = erp_KONZS_reads,
    .n_reads = 1,
};

static const struct mr_field shop_ParentID_reads[] = {
    {
        .name = "erp.KONZS",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, KONZS),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target to_shop_ParentID = {
    .at = "case.map:19",
    .rule = "shop.ParentID <-> erp.KONZS : ref Partner",
    .field = "shop.ParentID",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .reads = shop_ParentID_reads,
    .n_reads = 1,
};

static const struct mr_field erp_NAME1_reads[] = {
    {
        .name = "shop.Name",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Name),
        .type = MR_TYPE_TEXT,
        .max_chars = 71,
    },
};

static const struct mr_target to_erp_NAME1 = {
    .at = "case.map:21",
    .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
    .field = "erp.NAME1",
    .type = MR_TYPE_TEXT,
    .max_chars = 35,
    .fate = MR_FATE_PARK,
    .reads = erp_NAME1_reads,
    .n_reads = 1,
};

static const struct mr_target to_erp_NAME2 = {
    .at = "case.map:21",
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
    .at = "case.map:21",
    .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
    .field = "shop.Name",
    .type = MR_TYPE_TEXT,
    .max_chars = 71,
    .fate = MR_FATE_PARK,
    .reads = shop_Name_reads,
    .n_reads = 2,
};

static const struct mr_field erp_E1TAX_S_TAXNUM_reads[] = {
    {
        .name = "shop.Status",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Status),
        .type = MR_TYPE_TEXT,
        .max_chars = 1,
    },
};

static const struct mr_target to_erp_E1TAX_S_TAXNUM = {
    .at = "case.map:23",
    .rule = "shop.Status -> erp.E1TAX[TAXTYPE = \"S\"].TAXNUM",
    .field = "erp.E1TAX[TAXTYPE = \"S\"].TAXNUM",
    .type = MR_TYPE_TEXT,
    .max_chars = 20,
    .fate = MR_FATE_PARK,
    .reads = erp_E1TAX_S_TAXNUM_reads,
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
    .at = "case.map:26",
    .rule = "shop.ID <-> erp.PARNR",
    .field = "shop.ID",
    .type = MR_TYPE_TEXT,
    .max_chars = 10,
    .fate = MR_FATE_PARK,
    .reads = shop_Contacts_ID_reads,
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
    .at = "case.map:28",
    .rule = "shop.Name <- erp.NAMEV",
    .field = "shop.Name",
    .type = MR_TYPE_TEXT,
    .max_chars = 35,
    .fate = MR_FATE_PARK,
    .reads = shop_Contacts_Name_reads,
    .n_reads = 1,
};

/* clang-format off */
static const struct mr_target *const partner_to_erp_targets[] = {
    &to_erp_KUNNR, &to_erp_MSGFN, &to_erp_KONZS, &to_erp_NAME1, &to_erp_NAME2,
    &to_erp_E1TAX_S_TAXNUM,
};

static const struct mr_target *const partner_to_shop_targets[] = {
    &to_shop_ID, &to_shop_ParentID, &to_shop_Name, &to_shop_Contacts_ID,
    &to_shop_Contacts_Name,
};

/* clang-format on */

/* --- rules --- */

/* case.map:10  shop.ID <-> erp.KUNNR : alpha(10) */
static void
set_erp_KUNNR(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_KUNNR, &at->erp->KUNNR,
           mr_alpha_right(cx, at->shop->ID, 10));
}

/* case.map:10  shop.ID <-> erp.KUNNR : alpha(10) */
static void
set_shop_ID(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_ID, &at->shop->ID,
           mr_alpha_left(cx, at->erp->KUNNR, 10));
}

/* case.map:18  "005" -> erp.MSGFN */
static void
set_erp_MSGFN(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_MSGFN, &at->erp->MSGFN, mr_text("005"));
}

/* case.map:19  shop.ParentID <-> erp.KONZS : ref Partner */
static void
set_erp_KONZS(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_erp_KONZS, &at->erp->KONZS,
           mr_ref_right(cx, "Partner", at->shop->ParentID));
}

/* case.map:19  shop.ParentID <-> erp.KONZS : ref Partner */
static void
set_shop_ParentID(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_ParentID, &at->shop->ParentID,
           mr_ref_left(cx, "Partner", at->erp->KONZS));
}

/* case.map:21  shop.Name <-> erp.NAME1 + erp.NAME2 : split(35) */
static void
set_erp_NAME1(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;
    struct mr_val parts[2];

    mr_split_right(cx, at->shop->Name, 35, parts, 2);
    mr_put(cx, &to_erp_NAME1, &at->erp->NAME1, parts[0]);
    mr_put(cx, &to_erp_NAME2, &at->erp->NAME2, parts[1]);
}

/* case.map:21  shop.Name <-> erp.NAME1 + erp.NAME2 : split(35) */
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

/* case.map:23  shop.Status -> erp.E1TAX[TAXTYPE = "S"].TAXNUM */
static void
set_erp_E1TAX_S_TAXNUM(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put_picked(cx, &to_erp_E1TAX_S_TAXNUM, at->erp, &erp_E1TAX_S_TAXNUM,
                  at->shop->Status);
}

/* case.map:26  shop.ID <-> erp.PARNR */
static void
set_shop_Contacts_ID(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_Contacts_ID, &at->shop_Contacts->ID,
           at->erp_E1CONT->PARNR);
}

/* case.map:28  shop.Name <- erp.NAMEV */
static void
set_shop_Contacts_Name(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    mr_put(cx, &to_shop_Contacts_Name, &at->shop_Contacts->Name,
           at->erp_E1CONT->NAMEV);
}

/* --- directions --- */

/* Partner: from shop to erp */
static void
partner_to_erp(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    set_erp_KUNNR(cx, at);
    set_erp_MSGFN(cx, at);
    set_erp_KONZS(cx, at);
    set_erp_NAME1(cx, at);
    set_erp_E1TAX_S_TAXNUM(cx, at);
}

static const struct mr_flow partner_to_erp_flow = {
    .from = &partner_shop_doc,
    .to = &partner_erp_doc,
    .run = partner_to_erp,
    .targets = partner_to_erp_targets,
    .n_targets = 6,
};

static const struct mr_target where_erp_2 = {
    .at = "case.map:27",
    .rule = "erp.PAFKT <> \"99\"",
    .field = "where",
    .type = MR_TYPE_BOOL,
    .fate = MR_FATE_PARK,
};

/* case.map:25  each shop.Contacts <- erp.E1CONT */
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
    .at = "case.map:11",
    .rule = "erp.KTOKD = \"0001\"",
    .field = "where",
    .type = MR_TYPE_BOOL,
    .fate = MR_FATE_PARK,
};

/* case.map:11  where erp.KTOKD = "0001" */
static bool
takes_part_to_shop(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    if (!mr_holds(cx, &where_erp, mr_text_eq(at->erp->KTOKD, mr_text("0001"))))
        return false;
    return true;
}

/* Partner: from erp to shop */
static void
partner_to_shop(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    set_shop_ID(cx, at);
    set_shop_ParentID(cx, at);
    set_shop_Name(cx, at);
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

/* --- replication --- */

static const struct mr_field erp_KUNNR_fields[] = {
    {
        .name = "erp.KUNNR",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, KUNNR),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target *const erp_KUNNR_targets[] = {
    &to_erp_KUNNR,
};

static const struct mr_field shop_ID_fields[] = {
    {
        .name = "shop.ID",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, ID),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target *const shop_ID_targets[] = {
    &to_shop_ID,
};

static const struct mr_field erp_MSGFN_fields[] = {
    {
        .name = "erp.MSGFN",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, MSGFN),
        .type = MR_TYPE_TEXT,
        .max_chars = 3,
    },
};

static const struct mr_target *const erp_MSGFN_targets[] = {
    &to_erp_MSGFN,
};

static const struct mr_field erp_KONZS_fields[] = {
    {
        .name = "erp.KONZS",
        .at = offsetof(struct partner_at, erp),
        .field = offsetof(struct partner_erp, KONZS),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target *const erp_KONZS_targets[] = {
    &to_erp_KONZS,
};

static const struct mr_field shop_ParentID_fields[] = {
    {
        .name = "shop.ParentID",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, ParentID),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target *const shop_ParentID_targets[] = {
    &to_shop_ParentID,
};

static const struct mr_field erp_NAME1_fields[] = {
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

static const struct mr_target *const erp_NAME1_targets[] = {
    &to_erp_NAME1,
    &to_erp_NAME2,
};

static const struct mr_field shop_Name_fields[] = {
    {
        .name = "shop.Name",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Name),
        .type = MR_TYPE_TEXT,
        .max_chars = 71,
    },
};

static const struct mr_target *const shop_Name_targets[] = {
    &to_shop_Name,
};

static const struct mr_field erp_E1TAX_S_TAXNUM_fields[] = {
    {
        .name = "erp.E1TAX[TAXTYPE = \"S\"].TAXNUM",
        .at = offsetof(struct partner_at, erp),
        .picked = &erp_E1TAX_S_TAXNUM,
        .type = MR_TYPE_TEXT,
        .max_chars = 20,
    },
};

static const struct mr_target *const erp_E1TAX_S_TAXNUM_targets[] = {
    &to_erp_E1TAX_S_TAXNUM,
};

static const struct mr_field shop_Contacts_ID_fields[] = {
    {
        .name = "shop.ID",
        .at = offsetof(struct partner_at, shop_Contacts),
        .field = offsetof(struct partner_shop_Contacts, ID),
        .type = MR_TYPE_TEXT,
        .max_chars = 10,
    },
};

static const struct mr_target *const shop_Contacts_ID_targets[] = {
    &to_shop_Contacts_ID,
};

static const struct mr_field shop_Contacts_Name_fields[] = {
    {
        .name = "shop.Name",
        .at = offsetof(struct partner_at, shop_Contacts),
        .field = offsetof(struct partner_shop_Contacts, Name),
        .type = MR_TYPE_TEXT,
        .max_chars = 35,
    },
};

static const struct mr_target *const shop_Contacts_Name_targets[] = {
    &to_shop_Contacts_Name,
};

static const struct mr_field newest_by[] = {
    {
        .name = "shop.ChangedOn",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, ChangedOn),
        .type = MR_TYPE_DATETIME,
        .milliseconds = true,
    },
};

static const struct mr_field deleted[] = {
    {
        .name = "shop.Status",
        .at = offsetof(struct partner_at, shop),
        .field = offsetof(struct partner_shop, Status),
        .type = MR_TYPE_TEXT,
        .max_chars = 1,
    },
};

/* case.map:27  where erp.PAFKT <> "99" */
static bool
Contacts_to_shop_part(struct mr_cx *cx, void *frame)
{
    struct partner_at *at = frame;

    if (!mr_holds(cx, &where_erp_2,
                  mr_text_ne(at->erp_E1CONT->PAFKT, mr_text("99"))))
        return false;
    return true;
}

static const struct mr_rule repl_rules[] = {
    {
        .at = "case.map:10",
        .rule = "shop.ID <-> erp.KUNNR : alpha(10)",
        .key = true,
        .decider =
            { .policy = MR_POLICY_NEWEST, .by = newest_by, .by_side = MR_LEFT },
        .runs = { true, true },
        .fields = {
            shop_ID_fields,
            erp_KUNNR_fields,
        },
        .n_fields = { 1, 1 },
        .targets = {
            shop_ID_targets,
            erp_KUNNR_targets,
        },
        .reads = {
            shop_ID_reads,
            erp_KUNNR_reads,
        },
        .n_reads = { 1, 1 },
        .set = {
            set_shop_ID,
            set_erp_KUNNR,
        },
    },
    {
        .at = "case.map:18",
        .rule = "\"005\" -> erp.MSGFN",
        .constant = true,
        .decider = { .policy = MR_POLICY_NONE },
        .runs = { false, true },
        .fields = {
            NULL,
            erp_MSGFN_fields,
        },
        .n_fields = { 0, 1 },
        .targets = {
            NULL,
            erp_MSGFN_targets,
        },
        .n_reads = { 0, 0 },
        .set = {
            NULL,
            set_erp_MSGFN,
        },
    },
    {
        .at = "case.map:19",
        .rule = "shop.ParentID <-> erp.KONZS : ref Partner",
        .decider =
            { .policy = MR_POLICY_NEWEST, .by = newest_by, .by_side = MR_LEFT },
        .runs = { true, true },
        .fields = {
            shop_ParentID_fields,
            erp_KONZS_fields,
        },
        .n_fields = { 1, 1 },
        .targets = {
            shop_ParentID_targets,
            erp_KONZS_targets,
        },
        .reads = {
            shop_ParentID_reads,
            erp_KONZS_reads,
        },
        .n_reads = { 1, 1 },
        .set = {
            set_shop_ParentID,
            set_erp_KONZS,
        },
    },
    {
        .at = "case.map:21",
        .rule = "shop.Name <-> erp.NAME1 + erp.NAME2 : split(35)",
        .group = 1,
        .decider = { .policy = MR_POLICY_OWNER, .side = MR_RIGHT },
        .runs = { true, true },
        .fields = {
            shop_Name_fields,
            erp_NAME1_fields,
        },
        .n_fields = { 1, 2 },
        .targets = {
            shop_Name_targets,
            erp_NAME1_targets,
        },
        .reads = {
            shop_Name_reads,
            erp_NAME1_reads,
        },
        .n_reads = { 2, 1 },
        .set = {
            set_shop_Name,
            set_erp_NAME1,
        },
    },
    {
        .at = "case.map:23",
        .rule = "shop.Status -> erp.E1TAX[TAXTYPE = \"S\"].TAXNUM",
        .decider = { .policy = MR_POLICY_NONE },
        .runs = { false, true },
        .fields = {
            NULL,
            erp_E1TAX_S_TAXNUM_fields,
        },
        .n_fields = { 0, 1 },
        .targets = {
            NULL,
            erp_E1TAX_S_TAXNUM_targets,
        },
        .reads = {
            NULL,
            erp_E1TAX_S_TAXNUM_reads,
        },
        .n_reads = { 0, 1 },
        .set = {
            NULL,
            set_erp_E1TAX_S_TAXNUM,
        },
    },
    {
        .at = "case.map:26",
        .rule = "shop.ID <-> erp.PARNR",
        .level = 1,
        .key = true,
        .decider = { .policy = MR_POLICY_NONE },
        .runs = { true, false },
        .fields = {
            shop_Contacts_ID_fields,
            NULL,
        },
        .n_fields = { 1, 0 },
        .targets = {
            shop_Contacts_ID_targets,
            NULL,
        },
        .reads = {
            shop_Contacts_ID_reads,
            NULL,
        },
        .n_reads = { 1, 0 },
        .set = {
            set_shop_Contacts_ID,
            NULL,
        },
    },
    {
        .at = "case.map:28",
        .rule = "shop.Name <- erp.NAMEV",
        .level = 1,
        .decider = { .policy = MR_POLICY_NONE },
        .runs = { true, false },
        .fields = {
            shop_Contacts_Name_fields,
            NULL,
        },
        .n_fields = { 1, 0 },
        .targets = {
            shop_Contacts_Name_targets,
            NULL,
        },
        .reads = {
            shop_Contacts_Name_reads,
            NULL,
        },
        .n_reads = { 1, 0 },
        .set = {
            set_shop_Contacts_Name,
            NULL,
        },
    },
};

static const struct mr_level repl_levels[] = {
    {
        .name = "Partner",
        .runs = { true, true },
        .rules = 0,
        .n_rules = 5,
        .n_match = 1,
        .frame = {
            offsetof(struct partner_at, shop),
            offsetof(struct partner_at, erp),
        },
        .rows = {
            MR_NOWHERE,
            MR_NOWHERE,
        },
        .size = {
            sizeof(struct partner_shop),
            sizeof(struct partner_erp),
        },
        .shape = {
            &partner_shop_shape,
            &partner_erp_shape,
        },
    },
    {
        .name = "each shop.Contacts <- erp.E1CONT",
        .runs = { true, false },
        .rules = 5,
        .n_rules = 2,
        .n_match = 1,
        .frame = {
            offsetof(struct partner_at, shop_Contacts),
            offsetof(struct partner_at, erp_E1CONT),
        },
        .rows = {
            offsetof(struct partner_shop, Contacts),
            offsetof(struct partner_erp, E1CONT),
        },
        .size = {
            sizeof(struct partner_shop_Contacts),
            sizeof(struct partner_erp_E1CONT),
        },
        .shape = {
            &partner_shop_Contacts_shape,
            &partner_erp_E1CONT_shape,
        },
        .takes = {
            Contacts_to_shop_part,
            NULL,
        },
    },
};

static const struct mr_group repl_groups[] = {
    {
        .name = "names",
        .decider = { .policy = MR_POLICY_OWNER, .side = MR_RIGHT },
    },
};

static const struct mr_repl repl = {
    .rules = repl_rules,
    .n_rules = 7,
    .levels = repl_levels,
    .n_levels = 2,
    .groups = repl_groups,
    .n_groups = 1,
    .n_keys = 1,
    .key_space = MR_RIGHT,
    .create = { false, true },
    .deletion = {
        {
            .what = MR_DELETE_SET,
            .field = deleted,
            .value = "9",
        },
        {
            .what = MR_DELETE_REMOVE,
        },
    },
    .leave = {
        MR_LEAVE_NONE,
        MR_LEAVE_KEEP,
    },
    .schedule = {
        { .trigger = MR_TRIGGER_POLL, .every = 3600, .overlap = 120,
          .sweep = 172800 },
        { .trigger = MR_TRIGGER_MESSAGE },
    },
    .guard_percent = 50,
    .after = (const char *const[]) {
        NULL,
    },
    .cyclic = true,
    .tech = {
        {
            .object = "Partner",
            .set = "PartnerCollection",
            .id_name = "ObjectID",
            .id = offsetof(struct partner_shop, ObjectID),
            .etag = offsetof(struct partner_shop, metadata.etag),
            .changed = offsetof(struct partner_shop, ChangedOn),
            .changed_name = "ChangedOn",
            .select = "ObjectID,ID,Name,Status,ParentID,ChangedOn,Contacts/Obj"
                      "ectID,Contacts/ID,Contacts/Name",
            .expand = "Contacts",
            .gone = MR_NOWHERE,
        },
        {
            .object = "PARTNER1",
            .set = "PARTNER",
            .id = MR_NOWHERE,
            .etag = MR_NOWHERE,
            .changed = MR_NOWHERE,
            .gone = offsetof(struct partner_erp, MSGFN),
            .gone_value = "003",
        },
    },
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
        .at = "case.map:10",
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
        .at = "case.map:21",
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
    .n_pairs = 2,
    .repl = &repl,
};
