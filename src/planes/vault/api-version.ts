/**
 * Api-versions of the data plane: numbers until 7.6, dates since. None is assumed when none is given.
 */
import { z } from 'zod'
import { Failure } from '../../base/failure.ts'

const LATEST = '2025-07-01'
const NUMBERED = /^7\.[0-6](-preview(\.\d)?)?$/
const EARLY: ReadonlySet<string> = new Set(['2015-06-01', '2016-10-01'])
const DATED = /^\d{4}-\d{2}-\d{2}(-preview(\.\d)?)?$/
/** Clients move to new versions faster than any list: later dates are answered like the latest. */
const FIRST_DATED = '2025-06-01'

/** Reads the version of a request. @throws Failure invalid `BadParameter` */
export const apiVersion = z.string().optional().transform(readApiVersion)

function readApiVersion(given: string | undefined): string {
  if (given === undefined || given === '') throw bad('api-version must be specified')
  const version = given.toLowerCase()
  const known =
    NUMBERED.test(version) ||
    EARLY.has(version) ||
    (DATED.test(version) && version.slice(0, 10) >= FIRST_DATED)
  if (known) return version
  throw bad(
    `The specified version (${given}) is not recognized. Consider using the latest supported ` +
      `version (${LATEST}).`,
  )
}

function bad(message: string): Failure {
  return new Failure('invalid', 'BadParameter', message)
}
