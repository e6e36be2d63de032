/**
 * Migrations only go forward. Each runs once, in the order of its number, inside one transaction;
 * a database that a newer program has migrated is refused instead of being guessed at.
 */
import type { Database, WriteDb } from './database.ts'
import { foundation } from './migrations/0001-foundation.ts'
import { linksAndResults } from './migrations/0002-links-and-results.ts'
import { signIn } from './migrations/0003-sign-in.ts'
import { graph } from './migrations/0004-graph.ts'
import { directory } from './migrations/0005-directory.ts'
import { managementGroups } from './migrations/0006-management-groups.ts'
import { keyRotation } from './migrations/0007-key-rotation.ts'
import { whoBegan } from './migrations/0008-who-began.ts'
import { browserSessionClients } from './migrations/0009-browser-session-clients.ts'
import { revokedTokens } from './migrations/0010-revoked-tokens.ts'
import type { Migration } from './migrations/migration.ts'

const MIGRATIONS: readonly Migration[] = [
  foundation,
  linksAndResults,
  signIn,
  graph,
  directory,
  managementGroups,
  keyRotation,
  whoBegan,
  browserSessionClients,
  revokedTokens,
]

const LEDGER = 'CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY)'

/** Brings the database to the present schema. @throws Error when it is from a newer program */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await database.write(async (db) => {
    await db.run(LEDGER, [])
    const applied = await db.all<{ name: string }>('SELECT name FROM migrations', [])
    const unknown = applied.find(({ name }) => !migrations.some((one) => one.name === name))
    if (unknown) {
      throw new Error(
        `this data folder was made by a newer version of Locum (it has migration ${unknown.name}); ` +
          'start that version, or use another data folder with --data',
      )
    }
    for (const migration of migrations) {
      if (!applied.some(({ name }) => name === migration.name)) await apply(db, migration)
    }
  })
}

async function apply(db: WriteDb, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await db.run(statement, [])
  await db.run('INSERT INTO migrations (name) VALUES (?)', [migration.name])
}
