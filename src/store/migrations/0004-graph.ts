import type { Migration } from './migration.ts'

/** What Microsoft Graph shows and keeps of directory objects beyond what tokens and roles need. */
export const graph: Migration = {
  name: '0004-graph',
  statements: [
    `CREATE TABLE directory_profiles (
      object_id TEXT NOT NULL PRIMARY KEY,
      profile TEXT NOT NULL)`,
    `CREATE TABLE directory_owners (
      object_id TEXT NOT NULL,
      owner_id TEXT NOT NULL,
      PRIMARY KEY (object_id, owner_id))`,
    `CREATE INDEX directory_owners_by_owner ON directory_owners (owner_id)`,
    `CREATE TABLE directory_role_members (
      role_id TEXT NOT NULL,
      member_id TEXT NOT NULL,
      PRIMARY KEY (role_id, member_id))`,
    `CREATE INDEX directory_role_members_by_member ON directory_role_members (member_id)`,
    `CREATE TABLE app_role_assignments (
      id TEXT NOT NULL PRIMARY KEY,
      principal_id TEXT NOT NULL,
      resource_id TEXT NOT NULL,
      app_role_id TEXT NOT NULL,
      created_at BIGINT NOT NULL)`,
    `CREATE UNIQUE INDEX app_role_assignments_by_meaning
      ON app_role_assignments (principal_id, resource_id, app_role_id)`,
    `CREATE INDEX app_role_assignments_by_resource ON app_role_assignments (resource_id)`,
    `CREATE TABLE permission_grants (
      id TEXT NOT NULL PRIMARY KEY,
      client_id TEXT NOT NULL,
      consent_type TEXT NOT NULL,
      principal_id TEXT,
      resource_id TEXT NOT NULL,
      scope TEXT NOT NULL)`,
    `CREATE INDEX permission_grants_by_client ON permission_grants (client_id)`,
    `CREATE TABLE federated_credentials (
      id TEXT NOT NULL PRIMARY KEY,
      owner_id TEXT NOT NULL,
      name TEXT NOT NULL,
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      audiences TEXT NOT NULL,
      description TEXT)`,
    `CREATE UNIQUE INDEX federated_credentials_by_name ON federated_credentials (owner_id, name)`,
    `CREATE UNIQUE INDEX federated_credentials_by_meaning
      ON federated_credentials (owner_id, issuer, subject)`,
    // Whoever owns an instance that is older than this administers its directory.
    `INSERT INTO directory_role_members (role_id, member_id)
      SELECT '62e90394-69f5-4237-9190-012177145e10', value FROM settings
      WHERE name = 'ownerObjectId'`,
  ],
}
