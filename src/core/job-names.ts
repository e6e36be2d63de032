/**
 * The names of the jobs: what a transaction may wake. Each is one file in jobs/.
 */
export type JobName =
  | 'machines'
  | 'identity-certificates'
  | 'run-commands'
  | 'signing-keys'
  | 'vault-purge'
