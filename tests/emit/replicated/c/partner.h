/* Records of map Partner of tests.replicated. Made by mapc: change the map,
 * not this file. */
#ifndef PARTNER_H
#define PARTNER_H

#include "mr/gen.h"

/* shop.Contacts */
struct partner_shop_Contacts {
    struct mr_val ObjectID;
    struct mr_val ID;
    struct mr_val Name;
};

/* shop.__metadata */
struct partner_shop_metadata {
    struct mr_val etag;
};

/* shop */
struct partner_shop {
    struct mr_val ObjectID;
    struct mr_val ID;
    struct mr_val Name;
    struct mr_val Status;
    struct mr_val ParentID;
    struct mr_val ChangedOn;
    struct mr_rows Contacts; /* partner_shop_Contacts */
    struct partner_shop_metadata metadata;
};

/* erp.E1CONT */
struct partner_erp_E1CONT {
    struct mr_val PARNR;
    struct mr_val NAMEV;
    struct mr_val PAFKT;
};

/* erp.E1TAX */
struct partner_erp_E1TAX {
    struct mr_val TAXTYPE;
    struct mr_val TAXNUM;
};

/* erp */
struct partner_erp {
    struct mr_val MSGFN;
    struct mr_val KUNNR;
    struct mr_val NAME1;
    struct mr_val NAME2;
    struct mr_val KTOKD;
    struct mr_val KONZS;
    struct mr_rows E1CONT; /* partner_erp_E1CONT */
    struct mr_rows E1TAX; /* partner_erp_E1TAX */
};

/* The current record of each side and list. */
struct partner_at {
    struct partner_shop *shop;
    struct partner_erp *erp;
    struct partner_shop_Contacts *shop_Contacts;
    struct partner_erp_E1CONT *erp_E1CONT;
};

extern const struct mr_map map_partner;

#endif
