/** Api-versions that all types of the namespace answer, oldest first. */
export const NETWORK_API_VERSIONS: readonly string[] = [
  '2015-06-15',
  '2016-09-01',
  '2017-10-01',
  '2018-11-01',
  '2019-11-01',
  '2020-11-01',
  '2021-08-01',
  '2022-01-01',
  '2022-11-01',
  '2023-09-01',
  '2024-01-01',
  '2024-05-01',
  '2024-07-01',
  '2025-01-01',
  '2025-03-01',
  '2025-05-01',
]

/** Private DNS zones have versions of their own. */
export const PRIVATE_DNS_API_VERSIONS: readonly string[] = [
  '2018-09-01',
  '2020-06-01',
  '2024-06-01',
]
