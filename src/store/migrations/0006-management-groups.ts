import type { Migration } from './migration.ts'

/** The tree above subscriptions, and the tag names that a subscription has for its people to choose. */
export const managementGroups: Migration = {
  name: '0006-management-groups',
  statements: [
    // A subscription that has no row is right below the root of the tree.
    `CREATE TABLE scope_parents (
      scope_key TEXT NOT NULL PRIMARY KEY,
      parent_key TEXT NOT NULL)`,
    // The row of a name itself has the value ''.
    `CREATE TABLE predefined_tags (
      subscription_id TEXT NOT NULL,
      name_key TEXT NOT NULL,
      value TEXT NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (subscription_id, name_key, value))`,
  ],
}
