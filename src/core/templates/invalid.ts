/** How a template is refused: one code, the reason inside Azure's sentence. */
import { Failure } from '../../base/failure.ts'

/** The reason alone; `invalidTemplate` puts it into the sentence that clients see. */
export class ExpressionError extends Error {}

/** @param reason a sentence without its full stop is fine: the message quotes it */
export function invalidTemplate(reason: string): Failure {
  return new Failure(
    'invalid',
    'InvalidTemplate',
    `Deployment template validation failed: '${reason}'.`,
  )
}

/** Runs the work; a reason thrown inside is given the words around it. */
export function within<Result>(place: string, work: () => Result): Result {
  try {
    return work()
  } catch (reason) {
    if (!(reason instanceof ExpressionError)) throw reason
    throw invalidTemplate(`${place} is not valid: ${reason.message}`)
  }
}
