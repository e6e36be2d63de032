/**
 * On every answer of work under way: clients wait 2 to 30 s between polls unless told, and sandboxes
 * start in a tenth of one.
 */
export const RETRY_SOON: Readonly<Record<string, string>> = { 'retry-after': '1' }
