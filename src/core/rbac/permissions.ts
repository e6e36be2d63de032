/**
 * What a permission allows: matching of actions against the patterns of a role.
 *
 * Patterns compare without regard to case; `*` is any run of characters, slashes included. One trap:
 * `/x/*` + `/y` also matches `/x/y`, so a star that fills a whole segment in the middle of a pattern
 * stands for zero segments or more. Azure's own roles depend on it (Managed Identity Operator has
 * `userAssignedIdentities/{star}/assign/action` and may do `userAssignedIdentities/assign/action`).
 *
 * No regular expressions: custom roles come from outside, and a pattern of many stars must not cost
 * more than a pass over the action.
 */

/** One permission object of a role; its parts belong together and are evaluated together. */
export interface Permission {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
  /** A condition that comes with the role itself and must hold whenever this object is used. */
  readonly condition?: string
  readonly conditionVersion?: string
}

/** `action`: of the control plane (Resource Manager); `dataAction`: of a data plane. */
export type ActionKind = 'action' | 'dataAction'

declare const kind: unique symbol
/** An action or data action, ready for matching: lower case, trimmed. */
export type ActionKey = string & { readonly [kind]: 'ActionKey' }

export function actionKey(action: string): ActionKey {
  return action.trim().toLowerCase() as ActionKey
}

/** Whether the object grants the action: named by the actions, and not taken away again. */
export function allows(permission: Permission, action: ActionKey, of: ActionKind): boolean {
  const compiled = compile(permission)
  const { grants, subtracts } = of === 'action' ? compiled.control : compiled.data
  return grants.some((match) => match(action)) && !subtracts.some((match) => match(action))
}

type Match = (action: string) => boolean

interface Patterns {
  readonly grants: readonly Match[]
  readonly subtracts: readonly Match[]
}

interface Compiled {
  readonly control: Patterns
  readonly data: Patterns
}

const compiledPermissions = new WeakMap<Permission, Compiled>()

function compile(permission: Permission): Compiled {
  const known = compiledPermissions.get(permission)
  if (known !== undefined) return known
  const compiled = {
    control: {
      grants: permission.actions.map(actionPattern),
      subtracts: permission.notActions.map(actionPattern),
    },
    data: {
      grants: permission.dataActions.map(actionPattern),
      subtracts: permission.notDataActions.map(actionPattern),
    },
  }
  compiledPermissions.set(permission, compiled)
  return compiled
}

/** Compiles one pattern; the match it gives takes lower-case actions. */
export function actionPattern(pattern: string): Match {
  const text = actionKey(pattern)
  const [first = '', ...rest] = text.split('*')
  const last = rest.pop()
  if (last === undefined) return (action) => action === text
  if (rest.length === 0 && !joins(first, last)) {
    const shortest = first.length + last.length
    return (action) =>
      action.length >= shortest && action.startsWith(first) && action.endsWith(last)
  }
  return (action) => matchesInOrder(action, first, rest, last)
}

/** The general case: the parts between the stars, each found as far left as it can be. */
function matchesInOrder(
  action: string,
  first: string,
  middle: readonly string[],
  last: string,
): boolean {
  if (!action.startsWith(first)) return false
  let at = first.length
  let before = first
  for (const part of middle) {
    const found = action.indexOf(part, joins(before, part) ? at - 1 : at)
    if (found === -1) return false
    at = found + part.length
    before = part
  }
  const earliest = joins(before, last) ? at - 1 : at
  return action.endsWith(last) && action.length - last.length >= earliest
}

/** Whether the star between two parts fills a segment, so that both may share one slash. */
function joins(before: string, after: string): boolean {
  return before.endsWith('/') && after.startsWith('/')
}
