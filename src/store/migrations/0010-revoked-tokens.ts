import type { Migration } from './migration.ts'

/** The tokens of a principal are good when they were issued from then on, in seconds since 1970. */
export const revokedTokens: Migration = {
  name: '0010-revoked-tokens',
  statements: [`ALTER TABLE service_principals ADD COLUMN tokens_valid_from INTEGER`],
}
