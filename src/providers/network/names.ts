/** The names that nearly every type of this provider takes: up to 80 characters, an ordinary first and last. */
export const NETWORK_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?$/
