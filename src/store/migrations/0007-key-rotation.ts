import type { Migration } from './migration.ts'

/** When the keys of vaults get their next versions. */
export const keyRotation: Migration = {
  name: '0007-key-rotation',
  statements: [
    `CREATE TABLE key_rotation_policies (
      vault_key TEXT NOT NULL,
      name_key TEXT NOT NULL,
      policy TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (vault_key, name_key))`,
  ],
}
