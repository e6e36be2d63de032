/**
 * Talking to a running Locum over the control socket in its data folder.
 */

import { dataFolder } from '../app/data-folder.ts'
import { readDaemon } from '../app/lock.ts'
import { request } from '../base/node-http.ts'
import { CommandError, EXIT } from './command-error.ts'

/** How long an answer may take: entering a machine may have to wait for it to start. */
const ANSWER_TIMEOUT_MS = 30_000

export interface ControlRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: unknown
}

/**
 * Asks the daemon of the data folder.
 * @throws CommandError not running (exit code 3), or what the daemon refused with
 */
export async function askDaemon<Answer>(dataPath: string, asked: ControlRequest): Promise<Answer> {
  const folder = dataFolder(dataPath)
  let reply: { status: number; text: string }
  try {
    reply = await send(folder.controlSocket, asked)
  } catch (reason) {
    throw unreachable(dataPath, reason as NodeJS.ErrnoException)
  }
  const answer: unknown = reply.text === '' ? undefined : JSON.parse(reply.text)
  if (reply.status < 300) return answer as Answer
  const { error } = answer as { error: { code: string; message: string } }
  throw new CommandError(error.message)
}

function send(
  socketPath: string,
  asked: ControlRequest,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
    const sent = request(
      {
        socketPath,
        method: asked.method,
        path: asked.path,
        headers: body ? { 'content-type': 'application/json' } : {},
        timeout: ANSWER_TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 500,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer from the control socket')))
    sent.end(body)
  })
}

function unreachable(dataPath: string, reason: NodeJS.ErrnoException): CommandError {
  if (reason.code === 'EACCES') {
    return new CommandError(`the Locum of ${dataPath} belongs to another user`, {
      next: 'ask that user, or start one of your own: locum up',
    })
  }
  if (reason.code !== 'ENOENT' && reason.code !== 'ECONNREFUSED') {
    return new CommandError(`the Locum of ${dataPath} does not answer: ${reason.message}`)
  }
  let daemon: ReturnType<typeof readDaemon>
  try {
    daemon = readDaemon(dataFolder(dataPath))
  } catch {
    daemon = undefined
  }
  if (daemon) {
    return new CommandError(`Locum (process ${daemon.pid}) is starting or stopping`, {
      exitCode: EXIT.notRunning,
      next: 'try again in a moment',
    })
  }
  return new CommandError(`Locum is not running with the data folder ${dataPath}`, {
    exitCode: EXIT.notRunning,
    next: 'locum up',
  })
}
