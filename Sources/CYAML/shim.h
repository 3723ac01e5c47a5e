#ifndef MSNP_GATEWAY_CYAML_H
#define MSNP_GATEWAY_CYAML_H

#include <yaml.h>

#endif
