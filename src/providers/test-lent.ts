/** For tests of types that work on no resource but their own: nothing in the program imports this. */
import type { Lent } from './provider.ts'

const refuse = async () => {
  throw new Error('this type asks Resource Manager for nothing')
}

export const NOTHING_LENT: Lent = {
  manage: refuse,
  secretOf: refuse,
  requireType() {},
}
