/**
 * Which folders a user may not pass through, and how to open a way to given ones for that user
 * alone.
 *
 * A clone in /root or in a 0700 temporary folder cannot be read by an unprivileged user. In a mount
 * namespace of its own, the closed folder is replaced by an empty open one in which the needed
 * folders appear again, at the same paths: nothing has to be renamed, nobody else sees a change, and
 * the rest of the closed folder is hidden even from the program.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export interface UserId {
  readonly uid: number
  readonly gid: number
}

/** Asks of a folder's facts whether this user may pass through it. */
export function mayPass(
  facts: { readonly mode: number; readonly uid: number; readonly gid: number },
  user: UserId,
): boolean {
  if (facts.uid === user.uid) return (facts.mode & 0o100) !== 0
  if (facts.gid === user.gid) return (facts.mode & 0o010) !== 0
  return (facts.mode & 0o001) !== 0
}

/** The first folder on the way to `path`, itself included, that the user may not pass. */
function firstClosed(path: string, user: UserId): string | undefined {
  const way = [path]
  for (let at = path; dirname(at) !== at; ) {
    at = dirname(at)
    way.unshift(at)
  }
  return way.find((folder) => {
    const facts = statSync(folder, { throwIfNoEntry: false })
    return facts?.isDirectory() && !mayPass(facts, user)
  })
}

/** Something to show again at its own path. */
type Shown = { readonly path: string } & (
  | { readonly kind: 'folder' | 'file' }
  | { readonly kind: 'way' } // a folder made empty, to put others in
)

/** Shell commands, for a mount namespace of its own, that open the way to all `needed` paths. */
export function openingCommands(needed: readonly string[], user: UserId): string[] {
  const closed = new Map<string, string[]>()
  for (const path of outermost(needed)) {
    const folder = firstClosed(path, user)
    if (folder) closed.set(folder, [...(closed.get(folder) ?? []), path])
  }
  return [...closed].flatMap(([folder, paths]) =>
    reopen(
      folder,
      paths.flatMap((path) => shown(path, user)),
    ),
  )
}

/** Without those that lie in others: they are shown with them. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)))
}

/** A needed folder that is closed itself is shown by what it holds. */
function shown(path: string, user: UserId): Shown[] {
  const facts = statSync(path)
  if (!facts.isDirectory()) return [{ path, kind: 'file' }]
  if (mayPass(facts, user)) return [{ path, kind: 'folder' }]
  const held = readdirSync(path).flatMap((name): Shown[] => {
    const entry = lstatSync(join(path, name))
    if (entry.isDirectory()) return [{ path: join(path, name), kind: 'folder' }]
    return entry.isFile() ? [{ path: join(path, name), kind: 'file' }] : []
  })
  return [{ path, kind: 'way' }, ...held]
}

/** Where the closed folder is kept while it is replaced; every system has one of them. */
const ASIDE = ['/mnt', '/media', '/srv', '/opt']

function reopen(folder: string, things: readonly Shown[]): string[] {
  const aside = ASIDE.find((path) => {
    return path !== folder && statSync(path, { throwIfNoEntry: false })?.isDirectory()
  })
  if (!aside) throw new Error(`no folder to keep ${folder} in: none of ${ASIDE.join(', ')} exists`)
  return [
    `mount --rbind ${quote(folder)} ${aside}`,
    `mount -t tmpfs -o mode=0755,size=1m locum ${quote(folder)}`,
    ...things.flatMap(({ path, kind }) => {
      const source = quote(join(aside, relative(folder, path)))
      const target = quote(path)
      if (kind === 'way') return [`mkdir -p ${target}`]
      const make = `mkdir -p ${quote(dirname(path))} && : >> ${target}`
      return [kind === 'folder' ? `mkdir -p ${target}` : make, `mount --rbind ${source} ${target}`]
    }),
    `umount -l ${aside}`,
  ]
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
