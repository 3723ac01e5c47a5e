#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, which comes with the compiler and is linked by `-sanitize=fuzzer`.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
