/**
 * The addresses that exist inside every machine, and nowhere else.
 *
 * All of them are Azure's own but one: Azure's services have public addresses, here every service
 * name resolves to a single address of the block that RFC 2544 reserves for tests, which no real
 * network routes.
 */

export interface Address {
  readonly host: string
  readonly port: number
}

/** The Instance Metadata Service. */
export const METADATA: Address = { host: '169.254.169.254', port: 80 }

/** Azure's resolver as seen from a virtual machine. */
export const RESOLVER: Address = { host: '168.63.129.16', port: 53 }

/** Every Azure host name: told apart by the name the client asks for in TLS. */
export const SERVICES: Address = { host: '198.18.0.1', port: 443 }
