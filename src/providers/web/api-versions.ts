/** Api-versions that all types of the namespace answer, oldest first. */
export const WEB_API_VERSIONS: readonly string[] = [
  '2016-08-01',
  '2018-02-01',
  '2018-11-01',
  '2019-08-01',
  '2020-12-01',
  '2021-03-01',
  '2022-03-01',
  '2022-09-01',
  '2023-01-01',
  '2023-12-01',
  '2024-04-01',
  '2024-11-01',
  '2025-03-01',
  '2025-05-01',
]
