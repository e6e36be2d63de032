/**
 * What a running Locum says of itself: the one shape that `locum status --json` prints.
 */

export interface Status {
  readonly version: string
  readonly pid: number
  /** ISO 8601. */
  readonly startedAt: string
  readonly dataFolder: string
  readonly tenantId: string
  readonly subscriptionId: string
  /** Origins for clients on this host; `{name}` stands for an account. */
  readonly endpoints: Readonly<Record<string, string>>
  /** PEM files for clients on the host. */
  readonly trust: { readonly authority: string; readonly bundle: string }
  /** The service principal with which the operator acts through the public APIs. */
  readonly owner: {
    readonly clientId: string
    readonly objectId: string
    /** PEM file of certificate and private key. */
    readonly certificate: string
    /** The same in a PKCS#12 file with no password. */
    readonly pkcs12: string
    /** Of that certificate: SHA-1, in hex. */
    readonly thumbprint: string
  }
  /** Whether machines are sandboxes, and why not. */
  readonly sandbox: { readonly works: boolean; readonly because?: string }
  readonly machines: readonly MachineStatus[]
}

export interface MachineStatus {
  /** The resource id of the virtual machine. */
  readonly id: string
  readonly name: string
  readonly resourceGroup: string
  readonly state: 'running' | 'starting' | 'stopped'
  readonly mode?: 'sandbox' | 'loopback'
}
