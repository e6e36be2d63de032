/** The api-versions of role definitions, assignments and permissions that clients send. */
export const AUTHORIZATION_API_VERSIONS: readonly string[] = [
  '2015-07-01',
  '2018-01-01-preview',
  '2018-09-01-preview',
  '2020-03-01-preview',
  '2020-04-01-preview',
  '2020-10-01-preview',
  '2022-04-01',
  '2022-05-01-preview',
]

/** Whether a request speaks this version or a later one. */
export function isSince(version: string, query: Readonly<Record<string, string>>): boolean {
  return (query['api-version'] ?? '').slice(0, 10) >= version.slice(0, 10)
}
