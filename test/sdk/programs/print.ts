/** How a program in a machine tells the test outside what it saw. */

/** One JSON document on stdout. */
export function print(seen: unknown): void {
  process.stdout.write(JSON.stringify(seen))
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}

/** How an SDK says no: its error's name, status and code. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return 'not refused'
  } catch (reason) {
    const { name, statusCode, code, message } = reason as Record<string, unknown>
    return { name, ...(statusCode === undefined ? { message } : { statusCode, code }) }
  }
}
