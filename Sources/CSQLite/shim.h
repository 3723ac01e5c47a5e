#ifndef MSNP_GATEWAY_CSQLITE_H
#define MSNP_GATEWAY_CSQLITE_H

#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast that Swift doesn't import: the library copies what is bound. */
static inline int msnp_gateway_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int msnp_gateway_bind_bytes(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/* Swift can't call functions whose arguments vary. The last connection that closes leaves the WAL as it is, or takes it away. */
static inline int msnp_gateway_keep_wal(sqlite3 *database, int keep) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep, (int *)0);
}

/* No schema, and no damaged file, makes the library run what it names. */
static inline int msnp_gateway_distrust(sqlite3 *database) {
    int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
    return result;
}

#endif
