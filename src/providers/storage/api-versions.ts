/** Api-versions that all types of the namespace answer, oldest first. */
export const STORAGE_API_VERSIONS: readonly string[] = [
  '2015-06-15',
  '2016-01-01',
  '2017-10-01',
  '2018-11-01',
  '2019-06-01',
  '2021-02-01',
  '2021-09-01',
  '2022-09-01',
  '2023-01-01',
  '2023-05-01',
  '2024-01-01',
  '2025-01-01',
  '2025-06-01',
  '2025-08-01',
]
