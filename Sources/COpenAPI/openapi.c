#include "COpenAPI.h"

// C23 has it, and the compiler writes the file down among what this one depends on.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char openapi[] = {
#embed "../../api-spec/openapi.yaml"
};

const unsigned char *msnp_gateway_openapi(size_t *count) {
    *count = sizeof openapi;
    return openapi;
}
