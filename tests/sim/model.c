/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the systems of sim.map hold and which value of one is which of the
 * other, written down by hand a second time: the oracle must not learn it from
 * the compiler that it checks.
 */
#include "sim/sim.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define TEXT(name) { name, false }
#define NUMBER(name) { name, true }

static const struct sim_field phone_fields[] = {
    TEXT("Kind"), TEXT("Digits")
};
static const struct sim_entity phone = {
    "Phone", "PhoneSet", phone_fields, COUNT(phone_fields), NULL, NULL
};
static const struct sim_field contact_fields[] = {
    TEXT("ContactID"), TEXT("Name"), TEXT("Mail")
};
static const struct sim_entity contact = {
    "Contact", "ContactSet", contact_fields, COUNT(contact_fields), "Phones",
    &phone
};
static const struct sim_field account_fields[] = {
    TEXT("Number"), TEXT("Name"), TEXT("Phone"), TEXT("Note"), NUMBER("Low"),
    NUMBER("High"), NUMBER("Stock"), TEXT("Nick"), TEXT("Rate"),
    TEXT("Street"), TEXT("City"), TEXT("Grade"), TEXT("Rank"),
    TEXT("ParentNumber"), TEXT("Status"), TEXT("Tags")
};
static const struct sim_entity account = {
    "Account", "AccountSet", account_fields, COUNT(account_fields),
    "Contacts", &contact
};

static const struct sim_field line_fields[] = {
    TEXT("Kind"), TEXT("Digits")
};
static const struct sim_entity line = {
    "Line", "LineSet", line_fields, COUNT(line_fields), NULL, NULL
};
static const struct sim_field person_fields[] = {
    TEXT("Nr"), TEXT("FullName"), TEXT("Mail")
};
static const struct sim_entity person = {
    "Person", "PersonSet", person_fields, COUNT(person_fields), "Lines",
    &line
};
static const struct sim_field customer_fields[] = {
    TEXT("Code"), TEXT("Name1"), TEXT("Name2"), TEXT("Tel"), TEXT("Memo"),
    NUMBER("Least"), NUMBER("Most"), NUMBER("Quantity"), TEXT("Alias"),
    TEXT("Mark"), TEXT("Street"), TEXT("City"), TEXT("Grade"), TEXT("Rank"),
    TEXT("ParentCode"), TEXT("Labels")
};
static const struct sim_entity customer = {
    "Customer", "CustomerSet", customer_fields, COUNT(customer_fields),
    "Persons", &person
};

static const struct sim_field order_fields[] = {
    TEXT("Number"), TEXT("Title"), TEXT("AccountNumber"), NUMBER("Total"),
    TEXT("Hidden")
};
static const struct sim_entity order = {
    "Order", "OrderSet", order_fields, COUNT(order_fields), NULL, NULL
};
static const struct sim_field sale_fields[] = {
    TEXT("Number"), TEXT("Subject"), TEXT("CustomerCode"), NUMBER("Total")
};
static const struct sim_entity sale = {
    "Sale", "SaleSet", sale_fields, COUNT(sale_fields), NULL, NULL
};

static const struct sim_field site_fields[] = {
    TEXT("SiteID"), TEXT("Street")
};
static const struct sim_entity site = {
    "Site", "SiteSet", site_fields, COUNT(site_fields), NULL, NULL
};
static const struct sim_field partner_fields[] = {
    TEXT("Number"), TEXT("Name"), TEXT("City"), TEXT("Phone"), TEXT("Class"),
    TEXT("Status")
};
static const struct sim_entity partner = {
    "Partner", "PartnerSet", partner_fields, COUNT(partner_fields), "Sites",
    &site
};
static const struct sim_field e_site_fields[] = {
    TEXT("SITENR"), TEXT("STRAS")
};
static const struct sim_entity e_site = {
    "E1SITEM", NULL, e_site_fields, COUNT(e_site_fields), NULL, NULL
};
static const struct sim_field e_partner_fields[] = {
    TEXT("PARTNR"), TEXT("NAME1"), TEXT("ORT01"), TEXT("TELF1"),
    TEXT("KLASS")
};
static const struct sim_entity e_partner = {
    "E1PARTM", NULL, e_partner_fields, COUNT(e_partner_fields), "E1SITEM",
    &e_site
};

#define BOTH { true, true }
#define TO_RIGHT { false, true }
#define TO_LEFT { true, false }
#define OWNED(side) MR_POLICY_OWNER, side

static const struct sim_rule account_rules[] = {
    { "Name", { 1, 1 }, CONV_SPLIT, BOTH, OWNED(0), 0, 0 },
    { "Phone", { 2, 3 }, CONV_SAME, BOTH, MR_POLICY_OWNER_UNLESS_EMPTY, 1, 0,
      0 },
    { "Note", { 3, 4 }, CONV_SAME, BOTH, MR_POLICY_NEWEST, 0, 0, 0 },
    { "Low", { 4, 5 }, CONV_SAME, BOTH, MR_POLICY_MIN, 0, 0, 0 },
    { "High", { 5, 6 }, CONV_SAME, BOTH, MR_POLICY_MAX, 0, 0, 0 },
    { "Stock", { 6, 7 }, CONV_SAME, BOTH, MR_POLICY_SUM, 0, 0, 0 },
    { "Nick", { 7, 8 }, CONV_SAME, BOTH, MR_POLICY_KEEP_BOTH, 0, 0, 0 },
    { "Rate", { 8, 9 }, CONV_SAME, BOTH, MR_POLICY_ASK, 0, 0, 0 },
    { "Tags", { 15, 15 }, CONV_SAME, BOTH, MR_POLICY_UNION, 0, 0, 0 },
    { "Grade", { 11, 12 }, CONV_SAME, TO_RIGHT, OWNED(0), 0, 0 },
    { "Rank", { 12, 13 }, CONV_SAME, TO_LEFT, OWNED(1), 0, 0 },
    { "Parent", { 13, 14 }, CONV_ALPHA, BOTH, OWNED(0), 0, 1 },
    { "Street", { 9, 10 }, CONV_CUT, BOTH, MR_POLICY_NEWEST, 0, 1, 0 },
    { "City", { 10, 11 }, CONV_SAME, BOTH, MR_POLICY_NEWEST, 0, 1, 0 },
};
static const struct sim_rule contact_rules[] = {
    { "Contacts.Name", { 1, 1 }, CONV_SAME, BOTH, OWNED(1), 0, 0 },
    { "Contacts.Mail", { 2, 2 }, CONV_CUT, BOTH, MR_POLICY_NEWEST, 0, 0, 0 },
};
static const struct sim_rule phone_rules[] = {
    { "Phones.Digits", { 1, 1 }, CONV_SAME, BOTH, OWNED(0), 0, 0 },
};
static const struct sim_rule order_rules[] = {
    { "Title", { 1, 1 }, CONV_SAME, BOTH, MR_POLICY_NEWEST, 0, 0, 0 },
    { "Account", { 2, 2 }, CONV_ALPHA, BOTH, OWNED(0), 0, 1 },
    { "Total", { 3, 3 }, CONV_SAME, TO_RIGHT, OWNED(0), 0, 0 },
};
static const struct sim_rule partner_rules[] = {
    { "Name", { 1, 1 }, CONV_SAME, BOTH, OWNED(1), 0, 0 },
    { "City", { 2, 2 }, CONV_CUT, BOTH, OWNED(0), 0, 0 },
    { "Phone", { 3, 3 }, CONV_SAME, BOTH, MR_POLICY_OWNER_UNLESS_EMPTY, 1, 0,
      0 },
    { "Class", { 4, 4 }, CONV_SAME, TO_LEFT, OWNED(1), 0, 0 },
};
static const struct sim_rule site_rules[] = {
    { "Sites.Street", { 1, 1 }, CONV_CUT, BOTH, OWNED(1), 0, 0 },
};

const char *const sim_system_names[SIM_SYSTEMS] = { "a", "b", "e" };

const struct sim_map sim_maps[SIM_MAPS] = {
    { "Account", { 0, 1 },
      { { { &account, &customer }, account_rules, COUNT(account_rules) },
        { { &contact, &person }, contact_rules, COUNT(contact_rules) },
        { { &phone, &line }, phone_rules, COUNT(phone_rules) } }, 3,
      CONV_ALPHA, BOTH, { false, true }, 14, -1 },
    { "Order", { 0, 1 },
      { { { &order, &sale }, order_rules, COUNT(order_rules) } }, 1,
      CONV_SAME, TO_RIGHT, { false, true }, -1, 4 },
    { "Partner", { 0, 2 },
      { { { &partner, &e_partner }, partner_rules, COUNT(partner_rules) },
        { { &site, &e_site }, site_rules, COUNT(site_rules) } }, 2,
      CONV_ALPHA, BOTH, { false, true }, 5, -1 },
};
