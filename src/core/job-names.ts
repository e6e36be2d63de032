/**
 * The names of the jobs: what a transaction may wake. Each is one file in jobs/.
 */
export type JobName =
  | 'machines'
  | 'deployments'
  | 'directory-purge'
  | 'identity-certificates'
  | 'key-rotation'
  | 'run-commands'
  | 'sign-ins'
  | 'signing-keys'
  | 'vault-purge'
