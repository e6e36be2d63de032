/** Api-versions that all types of the namespace answer, oldest first. */
export const MANAGEMENT_API_VERSIONS: readonly string[] = [
  '2018-03-01-preview',
  '2019-11-01',
  '2020-02-01',
  '2020-05-01',
  '2020-10-01',
  '2021-04-01',
  '2023-04-01',
]
