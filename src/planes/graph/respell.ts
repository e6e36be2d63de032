/**
 * The spellings of an address that Graph takes for the one that routes have. Libraries are generated
 * from a description that calls its namespace `graph` as well as `microsoft.graph`, and some name
 * actions with it. Before the name of a type it stays: such a segment asks for objects of that type.
 */
const TYPES: ReadonlySet<string> = new Set([
  ...['administrativeunit', 'application', 'approleassignment', 'device', 'directoryrole'],
  ...['endpoint', 'group', 'orgcontact', 'serviceprincipal', 'user'],
])

/** `/applications/{id}/microsoft.graph.addPassword` → `/applications/{id}/addPassword`. */
export function respell(url: string): string {
  const [path = ''] = url.split('?', 1)
  if (!/\/(?:microsoft\.)?graph\./i.test(path)) return url
  const respelt = path.replace(
    /(?<=\/)(?:microsoft\.)?graph\.(\w+)(?=[/(]|$)/gi,
    (_segment, name: string) => (TYPES.has(name.toLowerCase()) ? `microsoft.graph.${name}` : name),
  )
  return respelt + url.slice(path.length)
}
