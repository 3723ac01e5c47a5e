#ifndef MSNP_GATEWAY_CMICROHTTPD_H
#define MSNP_GATEWAY_CMICROHTTPD_H

#include <microhttpd.h>

#endif
