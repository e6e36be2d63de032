/** One row of the token service's refusals. */
export interface Refusal {
  readonly status: 400 | 401 | 405
  readonly error: string
  readonly text: string
}
