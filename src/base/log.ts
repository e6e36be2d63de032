/**
 * The log: an event name and its facts, one JSON object a line.
 *
 * Events are short past-tense phrases (`token issued`); facts are plain values. Secrets are wrapped
 * in `Secret` and cannot be printed; as a second fence the names below are struck out at any depth
 * of two.
 */
import { pino } from 'pino'

export interface Log {
  debug(event: string, facts?: object): void
  info(event: string, facts?: object): void
  warn(event: string, facts?: object): void
  error(event: string, facts?: object): void
  /** A log that adds these facts to each of its events. */
  with(facts: object): Log
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const STRUCK_OUT = [
  'authorization',
  'access_token',
  'client_secret',
  'client_assertion',
  'password',
  'value',
  'privateKey',
]

export function openLog(level: LogLevel, write?: (line: string) => void): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: STRUCK_OUT.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
  }
  return around(write ? pino(options, { write }) : pino(options, pino.destination(2)))
}

function around(logger: ReturnType<typeof pino>): Log {
  return {
    debug: (event, facts) => logger.debug(facts ?? {}, event),
    info: (event, facts) => logger.info(facts ?? {}, event),
    warn: (event, facts) => logger.warn(facts ?? {}, event),
    error: (event, facts) => logger.error(facts ?? {}, event),
    with: (facts) => around(logger.child(facts)),
  }
}

/** For tests and for one-off commands. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
}
