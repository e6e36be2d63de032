/**
 * The control socket: a unix socket in the data folder that only its owner can open.
 */
import { chmodSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from '../base/node-http.ts'
import type { DataFolder } from './data-folder.ts'

export interface ControlSocket {
  close(): Promise<void>
}

/** Listens; a socket file left by a killed daemon is replaced, as the lock says it is ours to do. */
export async function openControlSocket(
  folder: DataFolder,
  handle: RequestListener,
): Promise<ControlSocket> {
  rmSync(folder.controlSocket, { force: true })
  const server = createServer(handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(folder.controlSocket, resolve)
  })
  chmodSync(folder.controlSocket, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}
