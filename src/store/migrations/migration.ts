/** A step of the schema: applied once, in the order of the names, and never changed once released. */
export interface Migration {
  /** `0001-foundation`: four digits give the order. */
  readonly name: string
  /** Statements of the SQL subset that both databases run. */
  readonly statements: readonly string[]
}
