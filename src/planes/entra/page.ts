/**
 * Pages for people: plain forms that work without a script and with a screen reader. Everything in
 * them is escaped where it is put in, and the browser is told to run and to load nothing else.
 */
import { createHash } from 'node:crypto'
import type { Reply } from '../../http/route.ts'

/** Text that is already HTML; only `html` makes it. */
export interface Html {
  readonly html: string
}

export interface Page {
  readonly title: string
  readonly body: Html
  readonly status?: number
  /** Where its forms, and the answers to them, may lead besides to us. */
  readonly leadsTo?: string | undefined
  readonly cookie?: string
  /** Sends the page's form at once where scripts run; its button does elsewhere. */
  readonly submitsItself?: boolean
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f3f5f8; color: #1b1f24 }
main { max-width: 26rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: .5rem;
  box-shadow: 0 1px 4px rgb(0 0 0 / .2) }
h1 { font-size: 1.4rem; margin: 0 0 1rem }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #6b7480;
  border-radius: .25rem }
button { margin: 1.5rem .5rem 0 0; padding: .5rem 1.25rem; font: inherit; border: 1px solid #0b57a4;
  border-radius: .25rem; background: #0b57a4; color: #fff }
button.second { background: #fff; color: #0b57a4 }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px }
.problem { border-left: .25rem solid #b3261e; padding-left: .75rem }
code { overflow-wrap: anywhere }
`
const SUBMIT = 'document.forms[0].submit()'
const STYLE_HASH = hashOf(STYLE)
const SUBMIT_HASH = hashOf(SUBMIT)

/** Puts texts into HTML, escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const [first = '', ...rest] = parts
  return {
    html: rest.reduce((text, part, at) => {
      const value = values[at] ?? ''
      return text + (typeof value === 'string' ? escaped(value) : value.html) + part
    }, first),
  }
}

/** Fields that the person does not see. */
export function hiddenFields(fields: Readonly<Record<string, string | undefined>>): Html {
  const inputs = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${value}">`.html],
  )
  return { html: inputs.join('\n') }
}

/** What went wrong, read out at once. */
export function problem(text: string | undefined): Html {
  return text === undefined ? html`` : html`<p class="problem" role="alert">${text}</p>`
}

export function pageReply(page: Page): Reply {
  const script = page.submitsItself ? `<script>${SUBMIT}</script>` : ''
  return {
    status: page.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      'content-security-policy': policy(page),
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      ...(page.cookie && { 'set-cookie': page.cookie }),
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(page.title)}</h1>
${page.body.html}
</main>
${script}
</body>
</html>
`,
  }
}

function policy({ leadsTo, submitsItself }: Page): string {
  return [
    "default-src 'none'",
    `style-src '${STYLE_HASH}'`,
    ...(submitsItself ? [`script-src '${SUBMIT_HASH}'`] : []),
    // Browsers hold redirects after a form to this, too.
    `form-action 'self'${leadsTo === undefined ? '' : ` ${sourceOf(leadsTo)}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

/** The origin of a redirect URI, or its scheme where it has no origin. */
function sourceOf(uri: string): string {
  const { origin, protocol } = new URL(uri)
  return origin === 'null' ? protocol : origin
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}
