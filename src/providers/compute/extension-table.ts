/** Extensions that clients look up before they put one. */
export interface ExtensionType {
  readonly publisher: string
  readonly type: string
  /** Oldest first. */
  readonly versions: readonly string[]
  readonly system: 'Linux' | 'Windows'
}

export const EXTENSION_TYPES: readonly ExtensionType[] = [
  {
    publisher: 'Microsoft.Azure.Extensions',
    type: 'CustomScript',
    versions: ['2.0.7', '2.1.10'],
    system: 'Linux',
  },
  {
    publisher: 'Microsoft.Compute',
    type: 'CustomScriptExtension',
    versions: ['1.10.15'],
    system: 'Windows',
  },
  {
    publisher: 'Microsoft.Azure.ActiveDirectory',
    type: 'AADSSHLoginForLinux',
    versions: ['1.0.2644.1'],
    system: 'Linux',
  },
  {
    publisher: 'Microsoft.ManagedIdentity',
    type: 'ManagedIdentityExtensionForLinux',
    versions: ['1.0.0.0'],
    system: 'Linux',
  },
  {
    publisher: 'Microsoft.ManagedIdentity',
    type: 'ManagedIdentityExtensionForWindows',
    versions: ['1.0.0.0'],
    system: 'Windows',
  },
]
