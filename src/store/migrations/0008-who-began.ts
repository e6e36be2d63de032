import type { Migration } from './migration.ts'

/** Whoever began an operation may see how it ends, also when what it was on is gone. */
export const whoBegan: Migration = {
  name: '0008-who-began',
  statements: [`ALTER TABLE operations ADD COLUMN begun_by TEXT`],
}
