/**
 * A script with its parameters, as one text for the standard input of a shell: so that nothing of it
 * stands in the arguments of a process. The script is written to a file of its own and run from
 * there, since it may begin with the name of any interpreter.
 */
import { randomUUID } from 'node:crypto'

export interface ScriptParameter {
  readonly name: string
  readonly value: string
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Parameters come as arguments, in their order, and under their names as environment. */
export function scriptInput(script: string, parameters: readonly ScriptParameter[]): string {
  const mark = `END_${randomUUID()}`
  const named = parameters.filter(({ name }) => VARIABLE.test(name))
  return [
    'umask 077',
    'folder=$(mktemp -d) && cd "$folder" || exit 1',
    `cat > script <<'${mark}'`,
    script,
    mark,
    'chmod 700 script',
    ...named.map(({ name, value }) => `export ${name}=${quoted(value)}`),
    `./script ${parameters.map(({ value }) => quoted(value)).join(' ')} < /dev/null`,
    'code=$?',
    'cd / && rm -rf "$folder"',
    'exit $code',
    '',
  ].join('\n')
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`
}
