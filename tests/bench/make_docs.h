/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the values of the benchmark's documents vary, by name of the member or
 * field. A pattern has alternatives between bars, of which an empty one makes
 * the value empty; the alternative `null` makes it null. In it
 *   #   a digit             %f  a first name      %n  number of the record
 *   @   a hexadecimal digit %s  a last name       %i  id of the object
 *   %c  a city              %w  a word            %p  id of the record
 *   %r  a street            %t  milliseconds      %k  place, its last digit
 *   %d  20240318   %h  084109   %e  a time as an entity tag has it
 *   %K  place in the list, or of the record, from 0001
 * What is not here stays as in the sample (types, role, segment functions).
 * All is made up. Values fit the fields that tests/bench's maps copy them to.
 */
#ifndef BENCH_MAKE_DOCS_H
#define BENCH_MAKE_DOCS_H

#include <stddef.h>

static const char *const first_names[] = {
    "Erika", "Max", "Jürgen", "Anna-Lena", "Zoë", "Ute", "Friedrich", "Bo",
    "Søren", "Chloé", NULL
};
static const char *const last_names[] = {
    "Muster", "Beispiel", "Müller-Lüdenscheid", "Groß", "Nguyễn", "O'Neil",
    "Łukasz", "Li", "Probe", "Österreicher", NULL
};
static const char *const cities[] = {
    "Musterstadt", "Köln", "Ulm", "Frankfurt am Main", "Zürich", "Linz",
    "Bad Neuenahr-Ahrweiler", "Au", "Gößnitz", "Saint-Étienne", NULL
};
static const char *const words[] = {
    "Maschinenbau", "Fördertechnik", "Handel & Co.", "IT", "Lager \"Süd\"",
    "Medizintechnik", "Bau", "Großhandel", "Transporte", "Öl & Gas", NULL
};
static const char *const streets[] = {
    "Werkstraße", "Hafenweg", "Am Markt", "Straße des 17. Juni", "Gasse",
    "Dr.-Konrad-Beispiel-Ring", "Zum Alten Kran", "Allee", "Ufer \"B\"", NULL
};

#define URI "https://my000000.crm.example.com/sap/c4c/odata/v1/" \
            "c4codataapi/Collection('%i')"
#define DAY "/Date(%t)/"

static const struct {
    const char *name, *text;
} patterns[] = {
    /* cloud: what every object has */
    { "uri", URI }, { "etag", "W/\"datetimeoffset'%e'\"" },
    { "ObjectID", "%i" }, { "ParentObjectID", "%p" }, { "AccountID", "%n" },
    { "ETag", DAY }, { "ChangedOn", DAY }, { "CreationOn", DAY },
    { "LastVisitingDate", "null|null|" DAY },
    { "LatestRecommendedVisitingDate", "null|null|" DAY },
    { "NextVisitingDate", "null|null|" DAY },
    { "ChangedBy", "%f %s" }, { "CreatedBy", "%f %s" },
    { "UUID", "00163E@@-@@@@-@@@@-@@@@-@@@@@@@@@@@@" },
    { "CurrentDefaultAddressUUID", "00163E@@-@@@@-@@@@-@@@@-@@@@@@@@@@@@" },
    /* cloud: accounts and their addresses */
    { "Name", "%s GmbH|%s AG|%s # Söhne|Muster & %s|Muster #### OHG" },
    { "AdditionalName", "%w|%w|%w %w||" }, { "AdditionalName2", "|%c|%w" },
    { "AddressLine1", "|||%w" }, { "AddressLine2", "|||||c/o %s" },
    { "BestReachedByCode", "INT|TEL|LET|" }, { "Building", "|||#" },
    { "CareOfName", "|||||%f %s" }, { "City", "%c" },
    { "CompanyPostalCode", "|||#####" }, { "ContactPermissionCode", "1|2|" },
    { "CountryCode", "DE|DE|DE|AT|CH|FR|IT" }, { "County", "||%c" },
    { "CustomerABCClassificationCode", "A|B|C|" },
    { "DeliveryBlockingReasonCode", "||||01|02" },
    { "District", "|%c|Nord|Süd|West" }, { "DUNSID", "#########|" },
    { "Email", "info@muster####.example.com|##@example.com||" },
    { "ExternalID", "||##########" }, { "ExternalSystem", "||ERP_0#" },
    { "Fax", "+49 ### ####-1##|+41 ## ######||" }, { "Floor", "||#" },
    { "HouseNumber", "#|##|1## a|#-#" },
    { "IndustrialSectorCode", "MECH|AUTO|CHEM|" },
    { "LanguageCode", "DE|DE|EN|FR|IT" }, { "languageCode", "DE|EN" },
    { "LegalFormCode", "||01|02" }, { "LifeCycleStatusCode", "1|2|3" },
    { "Mobile", "|+49 151 ####|+49 17# #######" },
    { "NielsenRegionCode", "1|2|3a|3b|4|" },
    { "OrderBlockingReasonCode", "|||01" },
    { "BillingBlockingReasonCode", "||||01" },
    { "Phone", "+49 ### ####|+49 ### ####-##|+43 1 #####|0# ###|" },
    { "POBox", "|## ## ##|####" }, { "POBoxDeviatingCity", "|%c" },
    { "POBoxPostalCode", "|#####" },
    { "RecommendedVisitingFrequency", "P1M|P2W|P1Y|" },
    { "Room", "||#.##" }, { "StateCode", "BW|BY|NW|HE|" },
    { "Street", "%r|%r|%r||%r ##" }, { "StreetPostalCode", "#####|####" },
    { "TimeZoneCode", "CET|UTC|GMTUK" }, { "VisitDuration", "|P0DT1H" },
    { "WebSite", "https://www.muster####.example.com/a?b=#&c=#||" },
    { "Latitude", "4#.####0000000000|5#.####0000000000" },
    { "Longitude", "#.####0000000000|1#.####0000000000" },
    /* cloud: contacts, sales areas, tax numbers */
    { "ContactID", "1#####%k" },
    { "Department", "Einkauf|Vertrieb|IT|Qualitätssicherung||F & E" },
    { "DepartmentCode", "000#|" }, { "FunctionCode", "00##|" },
    { "JobTitle", "Leiterin %w|Sachbearbeiter \\ Disposition|CEO||%w" },
    { "VIPReasonCode", "|1|2" },
    { "CurrencyCode", "EUR|EUR|CHF|USD|GBP" },
    { "CustomerGroupCode", "0#||" }, { "DeliveryPriorityCode", "1|2|3|" },
    { "DistributionChannelCode", "1%k" }, { "DivisionCode", "00|01|10" },
    { "IncotermsClassificationCode", "CIP|EXW|FOB|" },
    { "IncotermsLocation", "%c|" }, { "PaymentTermsCode", "ZB30|ZB01|NT30|" },
    { "PriceGroupCode", "0#|" }, { "PriceListCode", "0#|" },
    { "SalesGroupID", "S##|" }, { "SalesOfficeID", "S###|" },
    { "SalesOrganisationID", "1000|2#00" }, { "TaxTypeCode", "1|2|3" },
    { "TaxID", "DE#########|##/###/####|ATU########" },
    /* cloud: orders */
    { "BuyerID", "45#####-A|%s ##||" }, { "ID", "%K0" },
    { "BuyerPartyName", "%s GmbH|Muster & %s" }, { "DateTime", DAY },
    { "BuyerContactPartyID", "15####|" }, { "BuyerPartyID", "1######" },
    { "EmployeeResponsiblePartyID", "70000##" },
    { "EmployeeResponsiblePartyName", "%f %s" },
    { "GrossAmount", "1####.##0000|##.##0000" },
    { "NetAmount", "1####.##0000|1##.##0000|#.##0000" },
    { "NetPriceAmount", "1###.##0000|#.##0000" },
    { "TaxAmount", "1###.##0000|0.000000" },
    { "NetWeightMeasure", "0.00000000000000|1##.##000000000000" },
    { "PriceDateTime", DAY }, { "StartDateTime", DAY }, { "EndDateTime", DAY },
    { "ProductRecipientPartyID", "1######|" },
    { "ProductRecipientPartyName", "%w %c|" },
    { "TransferLocationName", "%c|" }, { "Description", "%w #|%w für %s|%w|" },
    { "ProductID", "1######" }, { "ProductInternalID", "1######|M-##/B" },
    { "ProductBuyerID", "|KD-####|%s-##" },
    { "ProductStandardID", "|40########" },
    { "Quantity", "#.00000000000000|1##.50000000000000|1#.00000000000000" },
    { "QuantityMeasureUnitCode", "PCE|KGM|LTR|MTR" },
    { "SalesOrderID", "%n" },
    { "SalesTermsCancellationReasonCode", "||||01" },
    { "CalculatedAmount", "1####.##0000|1##.##0000" },
    { "RateBaseDecimalValue", "1.00000000000000|100.00000000000000" },
    { "RateDecimalValue", "1###.##000000000000|#.##000000000000" },
    /* erp: control record, then accounts */
    { "DOCNUM", "000000000#######" }, { "CREDAT", "%d" }, { "CRETIM", "%h" },
    { "SERIAL", "%d%h" }, { "KUNNR", "000%n" },
    { "ANRED", "Firma|Frau|Herr|" }, { "AUFSD", "|||01" },
    { "BBBNR", "40#####|" }, { "BBSNR", "#####|" },
    { "BRSCH", "MECH|AUTO|CHEM|" }, { "BUBKZ", "#" }, { "KTOKD", "0001|0002" },
    { "KUKLA", "0#|" }, { "LAND1", "DE|DE|DE|AT|CH|FR|IT" },
    { "NAME1", "%s GmbH|%s AG|%s # Söhne|Muster & %s|Muster #### OHG" },
    { "NAME2", "%w|%w|%w <%w>||" }, { "NAME3", "|%c|%w" },
    { "NIELS", "1|2|3a|3b|4|" }, { "ORT01", "%c" },
    { "ORT02", "|%c|Nord|Süd|West" }, { "PFACH", "|## ## ##|####" },
    { "PSTL2", "|#####" }, { "PSTLZ", "#####|####" }, { "REGIO", "0#|1#|" },
    { "RPMKR", "#####|" }, { "SORTL", "MUSTER|%s|" },
    { "SPRAS", "D|D|E|F|I" }, { "SPRAS_ISO", "DE|EN|FR|IT" },
    { "STCD1", "##/###/####|" }, { "STKZU", "X|" },
    { "STRAS", "%r|%r #|%r ##||%r 1## a" },
    { "TELF1", "+49 ### ####|+49 ### ####-##|+43 1 #####|0# ###|" },
    { "TELF2", "|+49 151 ####|+49 17# #######" },
    { "TELFX", "+49 ### ####-1##|+41 ## ######||" }, { "LZONE", "000000000#" },
    { "STCEG", "DE#########|ATU########|" }, { "BRAN1", "MECH|AUTO|" },
    { "UMJAH", "202#" }, { "JMJAH", "202#" }, { "JMZAH", "000###|00####" },
    { "UWAER", "EUR|CHF" }, { "UMSA1", "0.00|1#####.##" },
    { "PFORT", "|%c" }, { "DTAMS", "|| " }, { "CIVVE", "X|" },
    /* erp: sales areas, partners, company codes, banks, contacts */
    { "VKORG", "1000|2#00" }, { "VTWEG", "1%k" }, { "SPART", "00|01|10" },
    { "VERSG", "1|" }, { "KALKS", "1|2" }, { "KDGRP", "0#||" },
    { "BZIRK", "DE00##|" }, { "KONDA", "0#|" }, { "PLTYP", "0#|" },
    { "INCO1", "CIP|EXW|FOB|" }, { "INCO2", "%c|" }, { "AUTLF", "X|" },
    { "ANTLF", "9|1|" }, { "KZAZU", "X|" }, { "LPRIO", "01|02|03|" },
    { "VSBED", "0#" }, { "WAERS", "EUR|EUR|CHF|USD|GBP" }, { "KTGRD", "0#|" },
    { "ZTERM", "ZB30|ZB01|NT30|" }, { "VWERK", "1000|2000|" },
    { "VKGRP", "S##|" }, { "VKBUR", "S###|" }, { "KLABC", "0#|" },
    { "LIFSD", "||||01|02" },
    { "KUNN2", "0001######" }, { "DEFPA", "X|" }, { "KNREF", "|%w %c" },
    { "ALAND", "DE|CH|AT" }, { "TAXKD", "0|1" }, { "BUKRS", "1000|2#00" },
    { "AKONT", "00001#0000" }, { "TLFXS", "|+49 711 ####-###" },
    { "ZWELS", "EU|U|" }, { "FDGRV", "E#" }, { "BANKL", "########" },
    { "BANKN", "000#######" }, { "BANKA", "Musterbank eG|%s & %s" },
    { "ABLAD", "Tor #|%w|" }, { "MOAB1", "0#0000" }, { "MOBI1", "1#3000" },
    { "PARNR", "00001####%k" }, { "NAMEV", "%f" },
    { "ABTPA", "Einkauf|Vertrieb|IT|Labor||F & E" }, { "ABTNR", "000#|" },
    { "PAFKT", "##|" }, { "PAVIP", "1|" }, { "PARGE", "1|2" },
    { "GBDAT", "19##0#1#|00000000" }, { "FAMST", "1|2|" }, { "SPNAM", "%f|" },
    { "TITEL_AP", "Leiterin %w|Sachbearbeiter \\ Disposition|CEO||%w" },
    { "KLIMG", "1####.00|0.00" }, { "KLIME", "1####.##" },
    { "DLAUS", "%d|00000000" },
    /* erp: orders */
    { "BELNR", "%n" }, { "CURCY", "EUR|EUR|CHF|USD|GBP" },
    { "WKURS", "1.00000|1.1####" }, { "KUNDEUINR", "DE#########|" },
    { "NTGEW", "1##.###|#.###" }, { "DATUM", "%d" }, { "UZEIT", "%h" },
    { "KPERC", "#.###|1#.##0|0.000" }, { "PARTN", "0001######" },
    { "LKTEXT", "%c|%w" }, { "TDOBNAME", "000%n" }, { "LIFSK", "|||01" },
    { "TDLINE", "Tor #, \"%w\".|Bitte Lieferung nach %c.|%f %s fragen" },
    { "POSEX", "0%K0" }, { "MENGE", "#.000|1##.500|1#.000|1###.##0" },
    { "MENEE", "PCE|KGM|LTR|MTR" }, { "VPREI", "1###.##|1#.##|0.##" },
    { "PEINH", "1|1|1|10|100" }, { "NETWR", "1####.##|1##.##" },
    { "MATKL", "00###" }, { "PSTYV", "TAN|TANN" }, { "WERKS", "1000|2#00" },
    { "ZEILE", "0%K0" }, { "BETRG", "1####.##|#.##" },
    { "KRATE", "1###.##|#.##" }, { "EDATU", "%d" }, { "WMENG", "1##.000" },
    { "AMENG", "1##.000" }, { "IDTNR", "00000000000#######|M-##/B" },
    { "KTEXT", "%w #|%w <Spezial>|%w für %s|%w" },
    { "SUMME", "1####.##|1###.##" },
};

static const struct {
    const char *name;
    int from, to;
} lists[] = {
    { "CorporateAccountAddress", 1, 3 },
    { "CorporateAccountHasContactPerson", 0, 3 },
    { "CorporateAccountSalesData", 0, 3 },
    { "CorporateAccountTaxNumber", 0, 2 },
    { "CustomerOrderItem", 1, 20 },
    { "E1KNVVM", 0, 3 }, { "E1KNVPM", 1, 4 }, { "E1KNVIM", 0, 2 },
    { "E1KNB1M", 1, 2 }, { "E1KNBKM", 0, 2 }, { "E1KNVAM", 0, 2 },
    { "E1KNVKM", 0, 3 }, { "E1KNKAM", 0, 1 },
    { "E1EDP01", 1, 20 },
};

#endif
