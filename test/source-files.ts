/**
 * The source tree as facts, for the tests of its architecture: files, lines, and who imports whom.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

export interface SourceFile {
  /** `src/core/rbac/check.ts`. */
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  readonly imports: readonly Import[]
  /** Tests, fixtures and what only they may use. */
  readonly isTest: boolean
}

export interface Import {
  readonly path: string
  readonly typeOnly: boolean
}

export function sourceFiles(folder = 'src'): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join(folder, name)))
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return {
    path,
    text,
    lines: text.split('\n'),
    imports: importsOf(path, text),
    isTest: name.endsWith('.test.ts') || name.startsWith('test-') || name.startsWith('fixture.'),
  }
}

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.{1,2}\/[^']+)'/gm
const LAZY_IMPORT = /\bimport\('(\.{1,2}\/[^']+)'\)/g

function importsOf(path: string, text: string): Import[] {
  const resolve = (target: string) => relative(ROOT, join(ROOT, dirname(path), target))
  return [
    ...[...text.matchAll(IMPORT)].map(([, type, target = '']) => ({
      path: resolve(target),
      typeOnly: type !== undefined,
    })),
    ...[...text.matchAll(LAZY_IMPORT)].map(([, target = '']) => ({
      path: resolve(target),
      typeOnly: false,
    })),
  ]
}
