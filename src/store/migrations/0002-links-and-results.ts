import type { Migration } from './migration.ts'

/** Which resource refers to which, and operations that carry work in and a result out. */
export const linksAndResults: Migration = {
  name: '0002-links-and-results',
  statements: [
    `CREATE TABLE resource_links (
      owner_key TEXT NOT NULL,
      from_id TEXT NOT NULL,
      to_key TEXT NOT NULL,
      PRIMARY KEY (owner_key, from_id, to_key))`,
    `CREATE INDEX resource_links_by_target ON resource_links (to_key)`,
    `ALTER TABLE operations ADD COLUMN job TEXT`,
    `ALTER TABLE operations ADD COLUMN input BLOB`,
    `ALTER TABLE operations ADD COLUMN result BLOB`,
  ],
}
