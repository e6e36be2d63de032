/**
 * The names of the jobs: what a transaction may wake. Each is one file in jobs/.
 */
export type JobName = 'machines' | 'identity-certificates' | 'signing-keys' | 'vault-purge'
