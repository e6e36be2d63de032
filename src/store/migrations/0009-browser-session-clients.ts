import type { Migration } from './migration.ts'

/** To which clients the user of a browser has signed in there: a JSON list of client ids. */
export const browserSessionClients: Migration = {
  name: '0009-browser-session-clients',
  statements: [`ALTER TABLE browser_sessions ADD COLUMN clients TEXT NOT NULL DEFAULT '[]'`],
}
