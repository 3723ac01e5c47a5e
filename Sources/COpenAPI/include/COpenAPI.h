#ifndef MSNP_GATEWAY_COPENAPI_H
#define MSNP_GATEWAY_COPENAPI_H

#include <stddef.h>

/// The bytes of api-spec/openapi.yaml as they were when the program was built, and their number.
const unsigned char *msnp_gateway_openapi(size_t *count);

#endif
