#include "SQLiteFaults.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct sqlite_faults {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    pthread_mutex_t mutex;
    pthread_cond_t released;
    int64_t room;
    int64_t writes;
    int64_t syncs;
    int is_read_only;
    int fails_reads;
    int fails_syncs;
    int holds;
    int held;
};

typedef struct {
    sqlite3_file base;
    sqlite_faults *disk;
    /* The real file follows. */
} faulty_file;

static sqlite3_file *real_of(sqlite3_file *file) { return (sqlite3_file *)((faulty_file *)file + 1); }

static sqlite_faults *disk_of(sqlite3_file *file) { return ((faulty_file *)file)->disk; }

/* What becomes of a write that makes a file longer by some bytes, or of a change of another kind with 0. */
static int permit(sqlite_faults *disk, int64_t growth) {
    int result = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    disk->held++;
    while (disk->holds) pthread_cond_wait(&disk->released, &disk->mutex);
    disk->held--;
    if (disk->is_read_only) {
        result = SQLITE_READONLY;
    } else if (disk->writes == 0) {
        result = SQLITE_IOERR_WRITE;
    } else if (disk->room >= 0 && growth > disk->room) {
        result = SQLITE_FULL;
    } else {
        if (disk->writes > 0) disk->writes--;
        if (disk->room >= 0 && growth > 0) disk->room -= growth;
    }
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int faulty_close(sqlite3_file *file) { return real_of(file)->pMethods->xClose(real_of(file)); }

static int faulty_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    sqlite_faults *disk = disk_of(file);
    pthread_mutex_lock(&disk->mutex);
    int fails = disk->fails_reads;
    pthread_mutex_unlock(&disk->mutex);
    if (fails) return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), bytes, count, offset);
}

static int faulty_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    sqlite3_int64 size = 0;
    int result = real_of(file)->pMethods->xFileSize(real_of(file), &size);
    if (result != SQLITE_OK) return result;
    result = permit(disk_of(file), offset + count > size ? offset + count - size : 0);
    return result == SQLITE_OK ? real_of(file)->pMethods->xWrite(real_of(file), bytes, count, offset) : result;
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int result = permit(disk_of(file), 0);
    return result == SQLITE_OK ? real_of(file)->pMethods->xTruncate(real_of(file), size) : result;
}

static int faulty_sync(sqlite3_file *file, int flags) {
    sqlite_faults *disk = disk_of(file);
    pthread_mutex_lock(&disk->mutex);
    disk->syncs++;
    int fails = disk->fails_syncs;
    pthread_mutex_unlock(&disk->mutex);
    if (fails) return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int faulty_lock(sqlite3_file *file, int level) { return real_of(file)->pMethods->xLock(real_of(file), level); }

static int faulty_unlock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int faulty_check(sqlite3_file *file, int *result) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}

static int faulty_control(sqlite3_file *file, int operation, void *argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int faulty_sector(sqlite3_file *file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }

static int faulty_traits(sqlite3_file *file) { return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file)); }

static int faulty_map(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, memory);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void faulty_barrier(sqlite3_file *file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }

static int faulty_unmap(sqlite3_file *file, int deletes) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), deletes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_check,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector,
    .xDeviceCharacteristics = faulty_traits,
    .xShmMap = faulty_map,
    .xShmLock = faulty_shm_lock,
    .xShmBarrier = faulty_barrier,
    .xShmUnmap = faulty_unmap,
};

static int faulty_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *granted) {
    sqlite_faults *disk = (sqlite_faults *)vfs;
    file->pMethods = NULL;
    ((faulty_file *)file)->disk = disk;
    int result = disk->real->xOpen(disk->real, path, real_of(file), flags, granted);
    if (real_of(file)->pMethods) file->pMethods = &methods;
    return result;
}

static int faulty_delete(sqlite3_vfs *vfs, const char *path, int syncs) {
    sqlite3_vfs *real = ((sqlite_faults *)vfs)->real;
    return real->xDelete(real, path, syncs);
}

static int faulty_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    sqlite3_vfs *real = ((sqlite_faults *)vfs)->real;
    return real->xAccess(real, path, flags, result);
}

static int faulty_path(sqlite3_vfs *vfs, const char *path, int size, char *full) {
    sqlite3_vfs *real = ((sqlite_faults *)vfs)->real;
    return real->xFullPathname(real, path, size, full);
}

sqlite_faults *sqlite_faults_make(const char *name) {
    sqlite_faults *disk = calloc(1, sizeof *disk);
    if (!disk) return NULL;
    disk->real = sqlite3_vfs_find(NULL);
    disk->vfs = *disk->real;
    disk->vfs.zName = strdup(name);
    disk->vfs.pNext = NULL;
    disk->vfs.szOsFile = (int)sizeof(faulty_file) + disk->real->szOsFile;
    disk->vfs.xOpen = faulty_open;
    disk->vfs.xDelete = faulty_delete;
    disk->vfs.xAccess = faulty_access;
    disk->vfs.xFullPathname = faulty_path;
    disk->room = disk->writes = -1;
    pthread_mutex_init(&disk->mutex, NULL);
    pthread_cond_init(&disk->released, NULL);
    sqlite3_vfs_register(&disk->vfs, 0);
    return disk;
}

void sqlite_faults_room(sqlite_faults *disk, int64_t bytes) {
    pthread_mutex_lock(&disk->mutex);
    disk->room = bytes;
    pthread_mutex_unlock(&disk->mutex);
}

void sqlite_faults_read_only(sqlite_faults *disk, int is_read_only) {
    pthread_mutex_lock(&disk->mutex);
    disk->is_read_only = is_read_only;
    pthread_mutex_unlock(&disk->mutex);
}

void sqlite_faults_fail_writes_after(sqlite_faults *disk, int64_t writes) {
    pthread_mutex_lock(&disk->mutex);
    disk->writes = writes;
    pthread_mutex_unlock(&disk->mutex);
}

void sqlite_faults_fail_reads(sqlite_faults *disk, int fails) {
    pthread_mutex_lock(&disk->mutex);
    disk->fails_reads = fails;
    pthread_mutex_unlock(&disk->mutex);
}

void sqlite_faults_fail_syncs(sqlite_faults *disk, int fails) {
    pthread_mutex_lock(&disk->mutex);
    disk->fails_syncs = fails;
    pthread_mutex_unlock(&disk->mutex);
}

void sqlite_faults_hold(sqlite_faults *disk, int holds) {
    pthread_mutex_lock(&disk->mutex);
    disk->holds = holds;
    pthread_cond_broadcast(&disk->released);
    pthread_mutex_unlock(&disk->mutex);
}

int sqlite_faults_held(sqlite_faults *disk) {
    pthread_mutex_lock(&disk->mutex);
    int held = disk->held;
    pthread_mutex_unlock(&disk->mutex);
    return held;
}

int64_t sqlite_faults_syncs(sqlite_faults *disk) {
    pthread_mutex_lock(&disk->mutex);
    int64_t syncs = disk->syncs;
    pthread_mutex_unlock(&disk->mutex);
    return syncs;
}
