/**
 * Writing to people: colour only where a terminal shows it, plain text everywhere else.
 */

export interface Palette {
  bold(text: string): string
  faint(text: string): string
  good(text: string): string
  bad(text: string): string
  accent(text: string): string
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY'>

/** The colours for a stream: none when it is no terminal or NO_COLOR is set. */
export function paletteFor(
  stream: Stream,
  environment: Readonly<Record<string, string | undefined>>,
): Palette {
  const coloured = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
  const paint = (start: number, end: number) => (text: string) =>
    coloured ? `\u001b[${start}m${text}\u001b[${end}m` : text
  return {
    bold: paint(1, 22),
    faint: paint(2, 22),
    good: paint(32, 39),
    bad: paint(31, 39),
    accent: paint(36, 39),
  }
}

/** Two columns, the first as wide as its widest text. */
export function columns(rows: readonly (readonly [string, string])[], indent = ''): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `${indent}${name.padEnd(width)}  ${text}`).join('\n')
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}
