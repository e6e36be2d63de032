import type { Migration } from './migration.ts'

/** What was deleted and can come back, directory roles in use, and browsers that stay signed in. */
export const directory: Migration = {
  name: '0005-directory',
  statements: [
    `CREATE TABLE deleted_objects (
      object_id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL,
      facts TEXT NOT NULL,
      member_of TEXT NOT NULL,
      members TEXT NOT NULL,
      deleted_at BIGINT NOT NULL)`,
    `CREATE INDEX deleted_objects_by_time ON deleted_objects (deleted_at)`,
    `CREATE TABLE activated_roles (template_id TEXT NOT NULL PRIMARY KEY)`,
    `CREATE TABLE browser_sessions (
      hash BLOB NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL,
      authenticated_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL)`,
    `CREATE INDEX browser_sessions_by_end ON browser_sessions (expires_at)`,
    // Of clients that run in a browser: the sign-in cannot be prolonged beyond it.
    `ALTER TABLE sign_ins ADD COLUMN fixed_end BIGINT`,
  ],
}
