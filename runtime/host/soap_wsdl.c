/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The WSDL 1.1 of a call, for callers that speak SOAP 1.1: one operation, one
 * element there, one back (document/literal). The fields are those that the
 * call reads and writes, from its tables, which know no lengths.
 */
#include "host/soap_in.h"

void
soap_in_text(FILE *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];

        if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '&')
            fputs("&amp;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else
            fputc(c < ' ' && c != '\n' && c != '\t' ? ' ' : c, out);
    }
}

/* --- types --- */

static const char *
xsd_type(enum mr_wire wire)
{
    switch (wire) {
    case MR_WIRE_BOOL:
        return "boolean";
    case MR_WIRE_NUMBER:
    case MR_WIRE_NUMBER_TEXT:
        return "decimal";
    case MR_WIRE_DATE:
        return "date";
    case MR_WIRE_TIME:
        return "time";
    case MR_WIRE_TIME_DURATION:
        return "duration";
    case MR_WIRE_DATETIME:
    case MR_WIRE_DATETIME_LOCAL:
    case MR_WIRE_DATETIME_TICKS:
        return "dateTime";
    case MR_WIRE_BINARY:
        return "base64Binary";
    case MR_WIRE_TEXT:
    case MR_WIRE_GUID:
        break;
    }
    return "string";
}

static void put_members(FILE *out, const struct mr_shape *shape, bool written);

static void
put_member(FILE *out, const struct mr_member *m, bool written)
{
    fprintf(out, "<xsd:element name=\"%s\" minOccurs=\"0\"", m->name);
    if (m->kind == MR_MANY)
        fputs(" maxOccurs=\"unbounded\"", out);
    if (m->kind == MR_VALUE) {
        fprintf(out, " type=\"xsd:%s\"/>", xsd_type((enum mr_wire)m->wire));
        return;
    }
    fputs("><xsd:complexType><xsd:sequence>", out);
    put_members(out, m->shape, written);
    fputs("</xsd:sequence></xsd:complexType></xsd:element>", out);
}

static void
put_members(FILE *out, const struct mr_shape *shape, bool written)
{
    uint16_t n = written ? shape->n_write : shape->n_read;
    const struct mr_member *m = written ? shape->write : shape->read;

    for (uint16_t i = 0; i < n; i++)
        put_member(out, &m[i], written);
}

static void
put_record(FILE *out, const char *name, const struct mr_shape *shape,
           bool written)
{
    fprintf(out, "<xsd:element name=\"%s\"><xsd:complexType><xsd:sequence>",
            name);
    put_members(out, shape, written);
    fputs("</xsd:sequence></xsd:complexType></xsd:element>", out);
}

static void
put_types(FILE *out, const struct mr_call *c, const struct soap_in *soap)
{
    fputs("<wsdl:types><xsd:schema targetNamespace=\"", out);
    soap_in_namespace(out, c);
    fprintf(out, "\">\n<xsd:element name=\"%s\"><xsd:complexType>"
            "<xsd:sequence>", c->name);
    put_record(out, soap->record, soap->asked.shape, false);
    fprintf(out, "</xsd:sequence></xsd:complexType></xsd:element>\n"
            "<xsd:element name=\"%sResponse\"><xsd:complexType>"
            "<xsd:sequence>", c->name);
    if (c->cache > 0)
        fputs("<xsd:element name=\"Age\" minOccurs=\"0\" type=\"xsd:int\"/>"
              "<xsd:element name=\"Stale\" minOccurs=\"0\" "
              "type=\"xsd:boolean\"/>", out);
    put_record(out, soap->record, soap->answered.shape, true);
    fputs("<xsd:element name=\"Message\" minOccurs=\"0\" "
          "maxOccurs=\"unbounded\"><xsd:complexType><xsd:sequence>"
          "<xsd:element name=\"Severity\"><xsd:simpleType>"
          "<xsd:restriction base=\"xsd:string\">"
          "<xsd:enumeration value=\"success\"/>"
          "<xsd:enumeration value=\"info\"/>"
          "<xsd:enumeration value=\"warning\"/>"
          "<xsd:enumeration value=\"error\"/>"
          "</xsd:restriction></xsd:simpleType></xsd:element>"
          "<xsd:element name=\"Number\" minOccurs=\"0\" type=\"xsd:string\"/>"
          "<xsd:element name=\"Item\" minOccurs=\"0\" type=\"xsd:string\"/>"
          "<xsd:element name=\"Text\" type=\"xsd:string\"/>"
          "</xsd:sequence></xsd:complexType></xsd:element>"
          "</xsd:sequence></xsd:complexType></xsd:element>\n"
          "</xsd:schema></wsdl:types>\n", out);
}

/* --- the service --- */

void
soap_in_namespace(FILE *out, const struct mr_call *call)
{
    fprintf(out, "urn:mapc:call:%s", call->name);
}

static void
put_service(FILE *out, const char *name, const char *url)
{
    fprintf(out,
            "<wsdl:message name=\"%s\"><wsdl:part name=\"body\" "
            "element=\"tns:%s\"/></wsdl:message>\n"
            "<wsdl:message name=\"%sResponse\"><wsdl:part name=\"body\" "
            "element=\"tns:%sResponse\"/></wsdl:message>\n",
            name, name, name, name);
    fprintf(out,
            "<wsdl:portType name=\"%s\"><wsdl:operation name=\"%s\">"
            "<wsdl:input message=\"tns:%s\"/>"
            "<wsdl:output message=\"tns:%sResponse\"/>"
            "</wsdl:operation></wsdl:portType>\n", name, name, name, name);
    fprintf(out,
            "<wsdl:binding name=\"%s\" type=\"tns:%s\"><soap:binding "
            "transport=\"http://schemas.xmlsoap.org/soap/http\"/>"
            "<wsdl:operation name=\"%s\"><soap:operation soapAction=\"%s\"/>"
            "<wsdl:input><soap:body use=\"literal\"/></wsdl:input>"
            "<wsdl:output><soap:body use=\"literal\"/></wsdl:output>"
            "</wsdl:operation></wsdl:binding>\n", name, name, name, name);
    fprintf(out, "<wsdl:service name=\"%s\"><wsdl:port name=\"%s\" "
            "binding=\"tns:%s\"><soap:address location=\"", name, name, name);
    soap_in_text(out, url, strlen(url));
    fputs("\"/></wsdl:port></wsdl:service>\n", out);
}

void
soap_in_wsdl(FILE *out, const struct mr_call *c, const struct soap_in *soap,
             const char *url)
{
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<wsdl:definitions name=\"%s\" "
            "xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" "
            "xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" "
            "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"",
            c->name);
    soap_in_namespace(out, c);
    fputs("\" targetNamespace=\"", out);
    soap_in_namespace(out, c);
    fputs("\">\n", out);
    put_types(out, c, soap);
    put_service(out, c->name, url);
    fputs("</wsdl:definitions>\n", out);
}
