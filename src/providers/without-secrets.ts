/** Members that hold a secret: they go in, are never shown, and are not kept. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'adminpassword',
  'customdata',
  'protectedparameters',
  'protectedsettings',
  'runaspassword',
  'securevalue',
  'storageaccountkey',
  'workspacekey',
  'password',
])

/** The value without the members that hold secrets, at any depth. */
export function withoutSecrets<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutSecrets) as Value
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !SECRET_MEMBERS.has(name.toLowerCase()))
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutSecrets(member)])) as Value
}
