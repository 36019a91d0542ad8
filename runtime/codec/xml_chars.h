/* SPDX-License-Identifier: Apache-2.0 */
/* Which characters XML 1.0 (fifth edition) allows where. */
#ifndef CODEC_XML_CHARS_H
#define CODEC_XML_CHARS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    XML_START = 1,      /* begins a name; not the colon */
    XML_NAME = 2,       /* goes on in a name; not the colon */
    XML_SPACE = 4
};

/* Classes of the ASCII characters; 0 for the bytes of longer sequences. */
extern const uint8_t xml_class[256];

static inline bool
xml_is(char c, int classes)
{
    return (xml_class[(unsigned char)c] & classes) != 0;
}

/* By code point, ASCII included; the colon is neither. */
bool xml_is_name_start(uint32_t c);
bool xml_is_name(uint32_t c);
bool xml_is_char(uint32_t c);

/* The code point at p, which begins a valid sequence; its length to *n. */
uint32_t xml_decode(const char *p, uint32_t *n);
/* Writes c, returns how many bytes (1 to 4). */
uint32_t xml_encode(uint32_t c, char out[4]);

#endif
