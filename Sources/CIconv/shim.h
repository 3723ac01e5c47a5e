#ifndef MSNP_GATEWAY_CICONV_H
#define MSNP_GATEWAY_CICONV_H

// Part of glibc, but not of Swift's Glibc module.
#include <iconv.h>

// What iconv_open returns when it knows no such conversion: (iconv_t) -1, which Swift does not import.
static inline int gw_iconv_failed(iconv_t descriptor) { return descriptor == (iconv_t) -1; }

#endif
