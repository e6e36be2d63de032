import type { Migration } from './migration.ts'

/** Users, and what signing in leaves behind. */
export const signIn: Migration = {
  name: '0003-sign-in',
  statements: [
    `CREATE TABLE users (
      object_id TEXT NOT NULL PRIMARY KEY,
      user_principal_name TEXT NOT NULL,
      name_key TEXT NOT NULL,
      display_name TEXT NOT NULL,
      account_enabled BIGINT NOT NULL,
      sessions_valid_from BIGINT NOT NULL,
      created_at BIGINT NOT NULL)`,
    `CREATE UNIQUE INDEX users_by_name ON users (name_key)`,
    `CREATE TABLE user_passwords (
      user_id TEXT NOT NULL PRIMARY KEY,
      salt BLOB NOT NULL,
      hash BLOB NOT NULL,
      wrong_guesses BIGINT NOT NULL,
      locked_until BIGINT NOT NULL)`,
    `CREATE TABLE sign_ins (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      confidential BIGINT NOT NULL,
      authenticated_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL)`,
    `CREATE INDEX sign_ins_by_end ON sign_ins (expires_at)`,
    `CREATE TABLE authorization_codes (
      hash BLOB NOT NULL PRIMARY KEY,
      sign_in_id TEXT NOT NULL,
      redirect_uri TEXT NOT NULL,
      challenge TEXT,
      scope TEXT NOT NULL,
      nonce TEXT,
      expires_at BIGINT NOT NULL,
      used BIGINT NOT NULL)`,
    `CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at)`,
    `CREATE TABLE device_codes (
      hash BLOB NOT NULL PRIMARY KEY,
      user_code_hash BLOB NOT NULL,
      client_id TEXT NOT NULL,
      scope TEXT NOT NULL,
      sign_in_id TEXT,
      state TEXT NOT NULL,
      expires_at BIGINT NOT NULL)`,
    `CREATE UNIQUE INDEX device_codes_by_user_code ON device_codes (user_code_hash)`,
    `CREATE INDEX device_codes_by_end ON device_codes (expires_at)`,
    `CREATE TABLE refresh_tokens (
      hash BLOB NOT NULL PRIMARY KEY,
      sign_in_id TEXT NOT NULL,
      replaced_at BIGINT,
      expires_at BIGINT NOT NULL)`,
    `CREATE INDEX refresh_tokens_by_sign_in ON refresh_tokens (sign_in_id)`,
    `CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at)`,
  ],
}
