#ifndef MSNP_GATEWAY_SQLITE_FAULTS_H
#define MSNP_GATEWAY_SQLITE_FAULTS_H

#include <stdint.h>

/* A disk that fails as a test wants it: a VFS of SQLite's over the system's own. All functions may be called from any
 * thread. */

typedef struct sqlite_faults sqlite_faults;

/* Makes and registers a disk under a name; it is there for good. NULL without memory. */
sqlite_faults *sqlite_faults_make(const char *name);

/* From now on writes fail once so many more bytes have been added to files; -1 for never. Writes over what is there go on. */
void sqlite_faults_room(sqlite_faults *disk, int64_t bytes);

/* From now on the disk can be read only, or again be written to. */
void sqlite_faults_read_only(sqlite_faults *disk, int is_read_only);

/* The write that comes after so many others fails, and all after it; -1 for none. */
void sqlite_faults_fail_writes_after(sqlite_faults *disk, int64_t writes);

/* From now on reads fail, or don't. */
void sqlite_faults_fail_reads(sqlite_faults *disk, int fails);

/* From now on what was written can't be brought onto the disk itself, or can. */
void sqlite_faults_fail_syncs(sqlite_faults *disk, int fails);

/* From now on writes wait until this is called with 0. */
void sqlite_faults_hold(sqlite_faults *disk, int holds);

/* Writes that wait now. */
int sqlite_faults_held(sqlite_faults *disk);

/* Calls that brought what was written onto the disk itself. */
int64_t sqlite_faults_syncs(sqlite_faults *disk);

#endif
