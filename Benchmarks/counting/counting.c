// Counts what a program allocates: LD_PRELOAD=counting.so COUNTING=FILE program.
//
// FILE begins with four numbers of 64 bits: calls that gave memory, bytes asked for, calls that gave it back, and whether call
// sites are wanted. While the fourth is not 0, each allocation writes a record behind them: its bytes, then the addresses on
// the stack, innermost first. Benchmarks/sites.py makes a table of that.
//
// Bytes are those asked for, not those that the allocator made of them, so that the same program has the same numbers with any.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEPTH 31
#define ROOM (512UL << 20)

struct shared {
    _Atomic uint64_t calls, bytes, frees, wanted, used;
};
struct record {
    uint64_t bytes;
    void *stack[DEPTH];
};

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static struct shared nowhere, *shared = &nowhere;
// Walking the stack may allocate.
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("COUNTING");
    void *unused[4];
    // The first walk loads a library; it is no allocation of the program's.
    backtrace(unused, 4);
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, ROOM) != 0)
        return;
    void *memory = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED)
        shared = memory;
    close(file);
    // The programs that it starts are not counted.
    unsetenv("LD_PRELOAD");
}

static void note(size_t bytes)
{
    atomic_fetch_add_explicit(&shared->calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&shared->bytes, bytes, memory_order_relaxed);
    if (atomic_load_explicit(&shared->wanted, memory_order_relaxed) == 0 || inside)
        return;
    inside = true;
    uint64_t place = atomic_fetch_add_explicit(&shared->used, 1, memory_order_relaxed);
    if ((place + 2) * sizeof(struct record) < ROOM) {
        struct record *record = (struct record *)((char *)shared + (place + 1) * sizeof *record);
        record->bytes = bytes;
        backtrace(record->stack, DEPTH);
    }
    inside = false;
}

void *malloc(size_t bytes)
{
    note(bytes);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    note(count * bytes);
    return __libc_calloc(count, bytes);
}

// Counts like a new allocation: it may be one, and whether it is depends on the allocator.
void *realloc(void *old, size_t bytes)
{
    note(bytes);
    return __libc_realloc(old, bytes);
}

void *memalign(size_t alignment, size_t bytes)
{
    note(bytes);
    return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    note(bytes);
    return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **result, size_t alignment, size_t bytes)
{
    note(bytes);
    *result = __libc_memalign(alignment, bytes);
    return *result ? 0 : ENOMEM;
}

void free(void *old)
{
    if (old)
        atomic_fetch_add_explicit(&shared->frees, 1, memory_order_relaxed);
    __libc_free(old);
}
